/** Whom the repository trusts: the operator's folder of certificates and, in demo, its own development authority. */
import { createHash } from 'node:crypto';
import type { House } from '../house.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { acceptedSealMakers } from '../seal/seal-makers.ts';
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

const known = new WeakMap<House['db'], { readonly digest: string; readonly material: TrustMaterial }>();

/** All that files are judged by in this house: the same value as long as nothing has changed, so that what is read from it
 *  is remembered. A house that has accepted no maker yet believes every maker that leads to an anchor. */
export async function loadMaterial(house: House): Promise<TrustMaterial> {
  const certificates = await loadTrust(house);
  const crls = await findCrls(house);
  const makers = await acceptedSealMakers(house);
  const sealMakers = makers.length > 0 ? makers : undefined;
  const hash = createHash('sha256').update(JSON.stringify(house.verificationRules));
  for (const list of [certificates, crls, makers]) {
    hash.update(`${list.length}:`);
    for (const der of list) hash.update(`${der.length} `).update(der);
  }
  const digest = hash.digest('base64');
  const last = known.get(house.db);
  if (last?.digest === digest) return last.material;
  const material: TrustMaterial = { certificates, crls, sealMakers, rules: house.verificationRules };
  known.set(house.db, { digest, material });
  return material;
}
