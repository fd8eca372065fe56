/** Whom the repository trusts: the operator's folder of certificates and, in demo, its own development authority. */
import type { House } from '../house.ts';

/** DER certificates; self-signed ones are anchors of signers and seal makers. */
export async function loadTrust(house: House): Promise<readonly Uint8Array[]> {
  if (house.mode === 'production') return house.trustCertificates;
  const own = await house.db.rows.keys.findAll({ where: { purpose: ['root', 'issuing', 'seal-maker'] } });
  const certificates = own.flatMap(({ certificates: [first] }) =>
    first ? [new Uint8Array(Buffer.from(first, 'base64'))] : [],
  );
  return [...house.trustCertificates, ...certificates];
}
