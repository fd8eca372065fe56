/** `zhengku trust export`: write the certificates of the development authority and its revocation lists, for whoever
 *  verifies our files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { House } from '../../models/house.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { issueCrl, toPem } from '../../signing/index.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku trust export --to FOLDER [--crl FOLDER] [--repository FOLDER]

  --to          the roots, the issuing certificates and the seal maker's, PEM
  --crl         their certificate revocation lists, PEM
  --repository  the repository's own certificates, PEM
`;

const PURPOSES = ['root', 'issuing', 'seal-maker'] as const;
const ALGORITHMS = ['SM2', 'RSA'] as const;
const CRL_DAYS = 30;

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
      if (crl)
        for (const purpose of ['root', 'issuing'] as const)
          write(crl, `${purpose}-${suffix}`, await writeList(house, purpose, algorithm));
      const [own] = (await openHouseKey(house, 'repository', algorithm)).certificates;
      if (repository && own) write(repository, `repository-${suffix}`, toPem('CERTIFICATE', own));
    }
    return 0;
  });
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

/** The development authority has revoked nothing yet: an empty list, freshly signed. */
async function writeList(house: House, purpose: 'root' | 'issuing', algorithm: 'SM2' | 'RSA'): Promise<string> {
  const { key, certificates } = await openHouseKey(house, purpose, algorithm);
  const thisUpdate = house.clock();
  const nextUpdate = new Date(thisUpdate.getTime() + CRL_DAYS * 86_400_000);
  const number = BigInt(thisUpdate.getTime());
  const [issuer = new Uint8Array()] = certificates;
  return toPem('X509 CRL', await issueCrl({ issuer, signer: key, thisUpdate, nextUpdate, number, revoked: [] }));
}
