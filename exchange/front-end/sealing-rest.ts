/** Rest after a sealing that failed once its keys were counted: every try costs uses and leaves a voided intent, so a body whose
 *  seal, service or time-stamps fail is tried with one licence at a time, after growing pauses. Kept by each process for itself. */
import type { House } from '../../models/house.ts';
import { describeFault, type Fault, type PointedFault } from '../../models/kernel/fault.ts';
import type { FaultCode } from '../../models/kernel/fault-codes.ts';

const FIRST_PAUSE_MS = 2 * 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** The licence that failed rests longer than its body, so that another one goes first: it may be the only one at fault. */
const LICENCE_FACTOR = 2;

const AFTER_COUNTING: readonly FaultCode[] = [
  'KEY_SERVICE_UNAVAILABLE',
  'KEY_SERVICE_REFUSED',
  'SEAL_SERVICE_MISSING',
  'TIME_STAMP_UNAVAILABLE',
  'TIME_STAMP_REFUSED',
  'SEALING_FAILED',
];

interface Rest {
  readonly failures: number;
  /** Not before this instant, in milliseconds. */
  readonly until: number;
  /** What stood in the way, for the receipts of those that wait. */
  readonly reason: string;
}

interface Subject {
  readonly id: string;
  readonly issuingBody: string;
}

const resting = new WeakMap<House['db'], Map<string, Rest>>();

function restsOf({ db }: House): Map<string, Rest> {
  const rests = resting.get(db) ?? new Map<string, Rest>();
  resting.set(db, rests);
  return rests;
}

const keysOf = ({ id, issuingBody }: Subject) => [`body ${issuingBody}`, `licence ${id}`] as const;

/** Why this licence is not tried now; undefined: it may be, and while it is, no other of its body that has failed before. */
export function askForTry(house: House, licence: Subject): string | undefined {
  const rests = restsOf(house);
  const now = house.clock().getTime();
  const keys = keysOf(licence);
  for (const key of keys) {
    const rest = rests.get(key);
    if (rest && now < rest.until) return rest.reason;
  }
  for (const key of keys) {
    const rest = rests.get(key);
    if (rest) rests.set(key, makeRest(key, rest.failures + 1, rest.reason, now));
  }
  return undefined;
}

/** What stood in the way, as a receipt says it. */
export function nameFault({ code, detail }: Fault | PointedFault): string {
  return `${describeFault({ code, detail }).zh}（${code}）`;
}

/** What the try came to; a fault from before any key was counted tells nothing of what failed. */
export function noteTry(house: House, licence: Subject, fault?: Fault): void {
  const rests = restsOf(house);
  const now = house.clock().getTime();
  for (const key of keysOf(licence)) {
    if (fault === undefined) rests.delete(key);
    else if (AFTER_COUNTING.includes(fault.code))
      rests.set(key, makeRest(key, rests.get(key)?.failures ?? 1, nameFault(fault), now));
  }
}

function makeRest(key: string, failures: number, reason: string, now: number): Rest {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return { failures, reason, until: now + pause * (key.startsWith('licence') ? LICENCE_FACTOR : 1) };
}
