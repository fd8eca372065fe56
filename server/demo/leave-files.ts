/** What the demonstration leaves: genuine files, altered ones, whom to trust; each judged offline by the command line. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
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
  const material = materialOf(world.folder);
  await Promise.all([
    world.journey.step('离线验证：真者皆有效、可信，时间经时间戳证明 genuine files verify offline', async () => {
      const reports = await judge(genuine, material, world, 0);
      for (const report of reports) expectProven(report);
      expect(reports.length === genuine.length, 'a file was not judged');
    }),
    world.journey.step('离线验证：篡改皆被拒 altered files are refused', async () => {
      const reports = await judge(forged, material, world, 1);
      const refused = reports.filter(({ valid }) => !valid);
      expect(refused.length === forged.length, 'an altered file was called valid');
    }),
  ]);
}

/** What the demonstration leaves for a verifier: whom to trust, and what was revoked. */
function materialOf(folder: string): string[] {
  const lists = readdirSync(path.join(folder, 'crl')).map((name) => path.join(folder, 'crl', name));
  return ['--trust', path.join(folder, 'trust'), ...lists.flatMap((list) => ['--crl', list])];
}

interface Report {
  readonly file: string;
  readonly valid: boolean;
  readonly trusted: boolean | null;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly code?: string }[];
  readonly signatures: readonly { readonly provenAt: string | null }[];
}

async function judge(
  files: readonly string[],
  material: readonly string[],
  world: World,
  status: number,
): Promise<readonly Report[]> {
  const out = await runCommand(['verify', ...files, ...material, '--json'], world.env, '', status);
  return JSON.parse(out) as readonly Report[];
}

/** An outer signature is no seal, and says so; and nobody who verifies offline here was told which makers are accepted. */
const LEFT_OPEN: readonly (string | undefined)[] = ['NO_SEAL', 'SEAL_MAKERS_NOT_GIVEN'];

/** Nothing is left open: every check passed, and a trusted time-stamp says when each signature was there. */
function expectProven({ file, valid, trusted, checks, signatures }: Report): void {
  const open = checks.filter(({ outcome, code }) => outcome !== 'passed' && !LEFT_OPEN.includes(code));
  expect(valid && trusted === true && open.length === 0, `${file}: ${JSON.stringify(open)}`);
  const proven = signatures.filter(({ provenAt }) => provenAt !== null);
  expect(proven.length > 0 && proven.length === signatures.length, `${file}: a time that nobody proves`);
}

/** One bit, in the middle. */
function alter(bytes: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bytes);
  const at = Math.floor(changed.length / 2);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
