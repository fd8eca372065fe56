/** Open what the repository signs sealed packages with: its SM2 key, and what proves the seal and its own signature later. */
import { gatherProof, parseSeal, reachesRoot } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { openHouseKey } from '../seal/keys.ts';
import { loadTrust } from '../verification/trust.ts';
import { requireFitCertificate } from './require-fit-certificate.ts';
import type { OuterSignature } from './sealer.ts';

export interface OpenedOuterSignature {
  readonly keyId: string;
  readonly outer: OuterSignature;
}

interface Kept {
  readonly gatheredAt: number;
  readonly bySeal: Map<string, OpenedOuterSignature>;
}

/** Certificates and lists change rarely; a minute of the house's clock may pass before a change goes into files. */
const KEPT_MS = 60_000;
const kept = new WeakMap<House['db'], Kept>();

/** `eseal`: the seal beneath, SESeal DER. Throws `REPOSITORY_KEY_MISSING`, `CHAIN_INCOMPLETE`, `CERTIFICATE_REVOKED`, `CERTIFICATE_EXPIRED`. */
export async function openOuterSignature(
  house: House,
  sealId: string,
  eseal: Uint8Array,
): Promise<OpenedOuterSignature> {
  const now = house.clock().getTime();
  const last = kept.get(house.db);
  const current = last && now >= last.gatheredAt && now < last.gatheredAt + KEPT_MS ? last : undefined;
  const memory: Kept = current ?? { gatheredAt: now, bySeal: new Map() };
  kept.set(house.db, memory);
  const opened = memory.bySeal.get(sealId) ?? (await open(house, eseal));
  memory.bySeal.set(sealId, opened);
  await requireFitCertificate(house, 'repository SM2', opened.outer.signer.certificates);
  return opened;
}

async function open(house: House, eseal: Uint8Array): Promise<OpenedOuterSignature> {
  const { id, material } = await openHouseKey(house, 'repository', 'SM2').catch((error: unknown) => {
    throw error instanceof Fault && error.code === 'SEAL_MISSING' ? new Fault('REPOSITORY_KEY_MISSING') : error;
  });
  const [own = new Uint8Array(), ...above] = material.certificates;
  const seal = parseSeal(eseal);
  const pressedBy = seal.signers.kind === 'certificates' ? seal.signers.certificates : [];
  const known = [...above, ...(await loadTrust(house))];
  const leaves = [own, ...pressedBy, seal.makerCertificate];
  const { certificates, crls } = gatherProof(leaves, known, await findCrls(house));
  const others = certificates.filter((der) => Buffer.compare(der, own) !== 0);
  if (!reachesRoot([own, ...others])) throw new Fault('CHAIN_INCOMPLETE', { detail: 'repository SM2' });
  return { keyId: id, outer: { signer: material, certificates: others, crls } };
}
