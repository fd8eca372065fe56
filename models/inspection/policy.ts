/** When a licence type is inspected every year (网络年检, R-37, M-22), as its catalogue entry says; and which licences are due in which
 *  year. Dates are of Asia/Shanghai. */
import { z } from 'zod';
import { isRealDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';

/** MM-DD of every year. */
const dayOfYear = z.string().regex(/^\d{2}-\d{2}$/);

export const inspectionPolicySchema = z.strictObject({
  everyYears: z.int().min(1).max(20),
  opens: dayOfYear,
  /** The last day, in the same year. */
  closes: dayOfYear,
  /** A licence is not inspected before it is so old. */
  firstAfterMonths: z.int().min(0).max(240).optional(),
  /** What becomes of a licence that was not inspected in time, or failed. */
  onMissed: z.enum(['suspend', 'record']),
  /** The rule by which it is inspected, in words. */
  legalBasis: writtenText(500),
});
export type InspectionPolicy = z.infer<typeof inspectionPolicySchema>;

/** A day that not every year has is none: 29 February. */
const COMMON_YEAR = '2023';

export function checkInspectionPolicy(policy: InspectionPolicy | undefined): PointedFault[] {
  if (!policy) return [];
  const impossible = (['opens', 'closes'] as const).filter((key) => !isRealDate(`${COMMON_YEAR}-${policy[key]}`));
  const faults = impossible.map((key): PointedFault => ({ pointer: `/inspection/${key}`, code: 'DATE_IMPOSSIBLE' }));
  if (faults.length === 0 && policy.closes < policy.opens)
    faults.push({ pointer: '/inspection/closes', code: 'VALIDITY_BACKWARDS' });
  return faults;
}

/** When the next window opens, or the one that is open today did. */
export function nextOpening({ opens, closes }: InspectionPolicy, today: string): string {
  const year = yearOf(today);
  return today <= `${year}-${closes}` ? `${year}-${opens}` : `${year + 1}-${opens}`;
}

/** The opening a year later. */
export function openingAfter({ opens }: InspectionPolicy, opensOn: string): string {
  return `${yearOf(opensOn) + 1}-${opens}`;
}

/** Is a licence of this date inspected in this year? First when the window opens after its issue (and after the months that the policy
 *  leaves it), then every so many years. */
export function isInspectedIn(policy: InspectionPolicy, issuedOn: string, year: number): boolean {
  const from = addMonths(issuedOn, policy.firstAfterMonths ?? 0);
  const opening = `${yearOf(from)}-${policy.opens}`;
  const first = yearOf(from) + (opening < from || opening <= issuedOn ? 1 : 0);
  return year >= first && (year - first) % policy.everyYears === 0;
}

export const yearOf = (date: string): number => Number(date.slice(0, 4));

/** The same day of a later month, or its last day. */
function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}
