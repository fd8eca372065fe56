/** `zhengku trust export`: write the certificates of the development authority and its revocation lists, for whoever
 *  verifies our files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { issueDevelopmentLists } from '../../models/revocation/index.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { toPem } from '../../signing/index.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku trust export --to FOLDER [--crl FOLDER] [--repository FOLDER]

  --to          the roots, the issuing certificates and the seal maker's, PEM
  --crl         their certificate revocation lists, PEM
  --repository  the repository's own certificates, PEM
`;

const PURPOSES = ['root', 'issuing', 'seal-maker'] as const;
const ALGORITHMS = ['SM2', 'RSA'] as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      crl: { type: 'string' },
      repository: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { to, crl, repository } = values;
  if (values.help || positionals[0] !== 'export' || !to) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  return withHouse(async (house) => {
    for (const algorithm of ALGORITHMS) {
      const suffix = `${algorithm.toLowerCase()}.pem`;
      for (const purpose of PURPOSES) {
        if (purpose === 'seal-maker' && algorithm === 'RSA') continue;
        const [own] = (await openHouseKey(house, purpose, algorithm)).certificates;
        if (own) write(to, `${purpose}-${suffix}`, toPem('CERTIFICATE', own));
      }
      const [own] = (await openHouseKey(house, 'repository', algorithm)).certificates;
      if (repository && own) write(repository, `repository-${suffix}`, toPem('CERTIFICATE', own));
    }
    if (crl) {
      for (const [name, der] of await issueDevelopmentLists(house)) write(crl, `${name}.pem`, toPem('X509 CRL', der));
    }
    return 0;
  });
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
}
