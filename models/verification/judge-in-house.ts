/** Judge files by all that this house knows: whom it trusts, which makers of seals it accepts, what was revoked, its rules.
 *  In the verifying threads; the bytes stay the caller's. */
import type { ReportDocument } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { isKnownGenuine, noteGenuine } from './known-genuine.ts';
import { loadMaterial } from './trust.ts';

/** For many files: what they are judged by is asked once. The judge throws `VERIFIER_BUSY`. */
export async function openJudge(house: House): Promise<(bytes: Uint8Array) => Promise<ReportDocument>> {
  const material = await loadMaterial(house);
  return async (bytes) => {
    const at = house.clock();
    const report = await house.verifier.judge({ bytes: Uint8Array.from(bytes), material, at });
    noteGenuine(material, report, at);
    return report;
  };
}

/** For files that were judged before, as likely as not: gives the failed checks, none for a genuine file. What this process
 *  found genuine under the same trust and rules within a day is taken to be so. The judge throws `VERIFIER_BUSY`. */
export async function openRecheck(house: House): Promise<(sm3: string, bytes: Uint8Array) => Promise<string[]>> {
  const material = await loadMaterial(house);
  const judge = await openJudge(house);
  return async (sm3, bytes) => {
    if (isKnownGenuine(material, sm3, house.clock())) return [];
    const report = await judge(bytes);
    if (report.valid && report.trusted === true) return [];
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
    return failed.length > 0 ? failed.map(({ name, code }) => `${name}:${code ?? ''}`) : ['trust:NOT_JUDGED'];
  };
}

/** Throws `VERIFIER_BUSY`. */
export async function judgeInHouse(house: House, bytes: Uint8Array): Promise<ReportDocument> {
  return (await openJudge(house))(bytes);
}
