/** `zhengku trust export`: write the certificates of the development authority, for whoever verifies our files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openHouseKey } from '../../models/seal/index.ts';
import { toPem } from '../../signing/index.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku trust export --to FOLDER

Writes the roots, the issuing certificates and the seal maker's as PEM, and the repository's own as repository-*.pem.
`;

const MEMBERS = [
  ['root', 'SM2'],
  ['root', 'RSA'],
  ['issuing', 'SM2'],
  ['issuing', 'RSA'],
  ['seal-maker', 'SM2'],
  ['repository', 'SM2'],
  ['repository', 'RSA'],
] as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { to: { type: 'string' }, help: { type: 'boolean' } },
  });
  const { to } = values;
  if (values.help || positionals[0] !== 'export' || !to) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  return withHouse(async (house) => {
    mkdirSync(to, { recursive: true });
    for (const [purpose, algorithm] of MEMBERS) {
      const { certificates } = await openHouseKey(house, purpose, algorithm);
      const [own] = certificates;
      if (own) writeFileSync(path.join(to, `${purpose}-${algorithm.toLowerCase()}.pem`), toPem('CERTIFICATE', own));
    }
    return 0;
  });
}
