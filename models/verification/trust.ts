/** Whom the repository trusts: the operator's folder of certificates and, in demo, its own development authority. */
import { createHash } from 'node:crypto';
import { isSelfSigned, parseCertificate } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { acceptedSealMakers } from '../seal/seal-makers.ts';
import type { TrustMaterial } from './verifier.ts';

/** DER certificates; self-signed ones are anchors of signers and seal makers. What was handed in with a seal only helps to
 *  find the way from its signer to an anchor. */
export async function loadTrust(house: House): Promise<readonly Uint8Array[]> {
  const handedIn = await findHandedIn(house);
  if (house.mode === 'production') return [...house.trustCertificates, ...handedIn];
  const own = await house.db.rows.keys.findAll({ where: { purpose: ['root', 'issuing', 'seal-maker'] } });
  const certificates = own.flatMap(({ certificates: [first] }) => (first ? [toDer(first)] : []));
  return [...house.trustCertificates, ...certificates, ...handedIn];
}

const toDer = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const SIGNERS = 2;

/** Issuers that came with seals made elsewhere, whose makers were accepted when they were registered: never a self-signed
 *  one, which would be an anchor. */
async function findHandedIn({ db }: House): Promise<Uint8Array[]> {
  const seals = await db.rows.seals.findAll({ where: { origin: 'registered' }, attributes: ['certificates'] });
  const issuers = new Set(seals.flatMap(({ certificates }) => certificates?.slice(SIGNERS) ?? []));
  return [...issuers].map(toDer).filter((der) => !isSelfSigned(parseCertificate(der)));
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
