/** The public half of the repository's SM2 keys, for all who verify what it signs: notices, receipts, statements. The newest
 *  first; with it notices are signed. */
import { parseCertificate, toPem } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { findBarredCertificates } from './development-made.ts';

export interface RepositoryKey {
  readonly keyId: string;
  readonly algorithm: 'SM2';
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string;
  /** Its certificate, and those that certify it. */
  readonly certificates: readonly string[];
}

export async function listRepositoryKeys(house: House): Promise<RepositoryKey[]> {
  const rows = await house.db.rows.keys.findAll({
    where: { purpose: 'repository', algorithm: 'SM2', organisationCode: null, state: 'active' },
    order: [['id', 'DESC']],
  });
  const barred = await findBarredCertificates(house);
  return rows.flatMap(({ id: keyId, certificates }) => {
    const [own] = certificates;
    if (own === undefined || certificates.some((one) => barred.has(one))) return [];
    const ders = certificates.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    const { publicKey } = parseCertificate(new Uint8Array(Buffer.from(own, 'base64')));
    return [
      {
        ...{ keyId, algorithm: 'SM2' as const, publicKeyPem: toPem('PUBLIC KEY', publicKey) },
        certificates: ders.map((der) => toPem('CERTIFICATE', der)),
      },
    ];
  });
}
