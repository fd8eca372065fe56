/** Judge files by all that this house knows: whom it trusts, which makers of seals it accepts, what was revoked, its rules.
 *  In the verifying threads; the bytes stay the caller's. */
import type { ReportDocument } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { loadMaterial } from './trust.ts';

/** For many files: what they are judged by is asked once. The judge throws `VERIFIER_BUSY`. */
export async function openJudge(house: House): Promise<(bytes: Uint8Array) => Promise<ReportDocument>> {
  const material = await loadMaterial(house);
  return (bytes) => house.verifier.judge({ bytes: Uint8Array.from(bytes), material, at: house.clock() });
}

/** Throws `VERIFIER_BUSY`. */
export async function judgeInHouse(house: House, bytes: Uint8Array): Promise<ReportDocument> {
  return (await openJudge(house))(bytes);
}
