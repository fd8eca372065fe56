/** `zhengku archive make`: an operator makes an ordered batch at once, and carries its volumes to a disk. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportVolumes } from '../../models/archive/index.ts';
import { houseCaller } from '../../models/house.ts';
import { withHouse } from './with-house.ts';

export async function makeArchive(argv: readonly string[], usage: string): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...argv], options: { batch: text, out: text } });
  const { batch, out } = values;
  if (batch === undefined || out === undefined) {
    process.stderr.write(`zhengku archive make: --batch and --out are needed\n\n${usage}`);
    return 2;
  }
  mkdirSync(out, { recursive: true });
  const write = (fileName: string, bytes: Uint8Array) => {
    const target = join(out, fileName);
    writeFileSync(`${target}.part`, bytes);
    renameSync(`${target}.part`, target);
    process.stdout.write(`${target}\n`);
  };
  const { state, items, fault } = await withHouse((house) =>
    exportVolumes(house, houseCaller(house.newId()), batch, write),
  );
  process.stdout.write(`${batch}: ${state}, ${items}\n`);
  if (fault) process.stderr.write(`zhengku archive make: ${fault}\n`);
  return state === 'made' ? 0 : 1;
}
