/** Whom the repository trusts: the operator's folder of certificates and, in demo, its own development authority. */
import { createHash } from 'node:crypto';
import type { House } from '../house.ts';
import type { TrustMaterial } from './verifier.ts';

/** DER certificates; self-signed ones are anchors of signers and seal makers. */
export async function loadTrust(house: House): Promise<readonly Uint8Array[]> {
  if (house.mode === 'production') return house.trustCertificates;
  const own = await house.db.rows.keys.findAll({ where: { purpose: ['root', 'issuing', 'seal-maker'] } });
  const certificates = own.flatMap(({ certificates: [first] }) =>
    first ? [new Uint8Array(Buffer.from(first, 'base64'))] : [],
  );
  return [...house.trustCertificates, ...certificates];
}

const known = new WeakMap<House, { readonly digest: string; readonly material: TrustMaterial }>();

/** All that files are judged by in this house: the same value as long as nothing has changed, so that what is read from it
 *  is remembered. */
export async function loadMaterial(house: House): Promise<TrustMaterial> {
  const certificates = await loadTrust(house);
  const hash = createHash('sha256');
  for (const der of certificates) hash.update(`${der.length} `).update(der);
  const digest = hash.digest('base64');
  const last = known.get(house);
  if (last?.digest === digest) return last.material;
  const material: TrustMaterial = { certificates, rules: house.verificationRules };
  known.set(house, { digest, material });
  return material;
}
