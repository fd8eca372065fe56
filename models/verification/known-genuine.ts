/** Files found genuine today: the same bytes under the same trust and rules are not judged again within a day. A certificate
 *  that is revoked, or a rule that changes, makes other material, under which nothing is known. */
import type { ReportDocument } from '../../signing/index.ts';
import type { TrustMaterial } from './verifier.ts';

const DAY_MS = 86_400_000;
const MOST_KEPT = 20_000;

/** SM3 of the file → when it was judged, in milliseconds. */
const known = new WeakMap<TrustMaterial, Map<string, number>>();

export function noteGenuine(material: TrustMaterial, report: ReportDocument, at: Date): void {
  if (!report.valid || report.trusted !== true || report.sm3 === null) return;
  const kept = known.get(material) ?? new Map<string, number>();
  known.set(material, kept);
  // The oldest goes.
  const [first] = kept.keys();
  if (kept.size >= MOST_KEPT && first !== undefined) kept.delete(first);
  kept.set(report.sm3, at.getTime());
}

export function isKnownGenuine(material: TrustMaterial, sm3: string, at: Date): boolean {
  const then = known.get(material)?.get(sm3);
  return then !== undefined && Math.abs(at.getTime() - then) < DAY_MS;
}
