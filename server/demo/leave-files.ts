/** What the demonstration leaves: genuine files, altered ones, whom to trust; each judged offline by the command line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accountName } from './account-name.ts';
import { runCommand } from './processes.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

const FORMATS = ['ofd', 'pdf'] as const;

export async function leaveFiles(world: World): Promise<void> {
  const files = path.join(world.folder, 'files');
  const altered = path.join(world.folder, 'altered');
  const genuine: string[] = [];
  const forged: string[] = [];
  await world.journey.step('取回十二对文件 twelve pairs of files', async () => {
    for (const folder of [files, altered]) mkdirSync(folder, { recursive: true });
    for (const { catalogueCode, licenceId, issuingBody } of world.issued.values()) {
      const clerk = await world.as(accountName(issuingBody, 'clerk'));
      for (const format of FORMATS) {
        const { bytes } = await clerk.get(`/api/v1/licences/${licenceId}/files/${format}`);
        const file = path.join(files, `${catalogueCode}.${format}`);
        writeFileSync(file, bytes);
        genuine.push(file);
        const changed = path.join(altered, `${catalogueCode}.${format}`);
        writeFileSync(changed, alter(bytes));
        forged.push(changed);
      }
    }
    expect(genuine.length === 24, `${genuine.length} files instead of 24`);
  });
  const trust = path.join(world.folder, 'trust');
  await world.journey.step('离线验证：真者皆通过 genuine files verify offline', async () => {
    await runCommand(['verify', ...genuine, '--trust', trust], world.env);
  });
  await world.journey.step('离线验证：篡改皆被拒 altered files are refused', async () => {
    const out = await runCommand(['verify', ...forged, '--trust', trust, '--json'], world.env, '', 1);
    const judged = JSON.parse(out) as readonly { readonly valid: boolean }[];
    expect(judged.length === forged.length && judged.every(({ valid }) => !valid), 'an altered file was called valid');
  });
}

/** One bit, in the middle. */
function alter(bytes: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bytes);
  const at = Math.floor(changed.length / 2);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
