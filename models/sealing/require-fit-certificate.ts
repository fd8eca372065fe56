/** No key is used whose certificate has ended or is known to be revoked: what it signed would be refused by everybody. */
import { type Fitness, judgeFitness } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { loadTrust } from '../verification/trust.ts';

interface Kept {
  readonly gatheredAt: number;
  /** By the certificate, DER in base64. */
  readonly byCertificate: Map<string, Fitness>;
}

/** Lists change rarely; a minute of the house's clock may pass before a revocation stops a key. */
const KEPT_MS = 60_000;
const kept = new WeakMap<House['db'], Kept>();

/** `chain`: DER, the signer's certificate first; `whose` stands in the fault. Throws `CERTIFICATE_EXPIRED` outside the validity,
 *  `CERTIFICATE_REVOKED` when a list at hand names it or an authority above it, `SEAL_MISSING` without a certificate. */
export async function requireFitCertificate(
  house: House,
  whose: string,
  [own, ...above]: readonly Uint8Array[],
): Promise<void> {
  if (!own) throw new Fault('SEAL_MISSING', { detail: whose });
  const now = house.clock();
  const { byCertificate } = remembered(house, now.getTime());
  const id = Buffer.from(own).toString('base64');
  const fitness =
    byCertificate.get(id) ?? judgeFitness([own, ...above], await loadTrust(house), await findCrls(house), now);
  byCertificate.set(id, fitness);
  if (now < fitness.notBefore || now > fitness.notAfter) throw new Fault('CERTIFICATE_EXPIRED', { detail: whose });
  if (fitness.revoked) throw new Fault('CERTIFICATE_REVOKED', { detail: whose });
}

function remembered({ db }: House, now: number): Kept {
  const last = kept.get(db);
  const current: Kept =
    last && now >= last.gatheredAt && now < last.gatheredAt + KEPT_MS
      ? last
      : { gatheredAt: now, byCertificate: new Map() };
  kept.set(db, current);
  return current;
}
