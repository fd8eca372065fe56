/** Notices of closing and licences that come, reduced. */
import { type Arrangement, dateOf } from './arrangement.ts';
import { type Clock, dueOf, meet } from './predict-clocks.ts';
import { type LateReason, LEAST_BATCH, type Mode, type Notice, type Push } from './story.ts';

interface KnownCase {
  readonly clock: Clock | null;
  /** Licences that stop its clock: of a declared batch as many as were declared, otherwise the first. */
  missing: number;
}

export interface CaseWorld {
  readonly clocks: Clock[];
  readonly refused: string[];
  readonly cases: Map<string, KnownCase>;
  /** When the first licence came of a case that is not known yet. */
  readonly waiting: Map<string, number>;
}

const FIVE_MINUTES = 5 * 60_000;

/** The first notice of a case counts. */
export function closeCase(world: CaseWorld, notice: Notice, arrangement: Arrangement): void {
  const { caseNumber, mode, closedAt, at, department, offlineReason = null, batchSize = 0 } = notice;
  const known = world.cases.get(caseNumber);
  const faults = [
    closedAt > at + FIVE_MINUTES ? 'CLOSED_IN_FUTURE' : null,
    mode === 'batch' && !known && batchSize < LEAST_BATCH ? 'BATCH_TOO_SMALL' : null,
    mode === 'batch' && !known && dateOf(at) > dateOf(closedAt) ? 'BATCH_DECLARED_LATE' : null,
  ].filter((fault) => fault !== null);
  if (faults.length > 0) world.refused.push(`${caseNumber} ${faults.join(' ')}`);
  if (faults.length > 0 || known) return;
  const clock = openClock(world, { mode, caseNumber, department, closedAt, openedAt: at, offlineReason });
  const came = world.waiting.get(caseNumber);
  if (clock && came !== undefined) meet(clock, came, arrangement);
  const missing = mode === 'batch' ? batchSize : 1;
  world.cases.set(caseNumber, { clock, missing: came === undefined ? missing : 0 });
}

/** The last licence that is wanted stops the clock. Without a notice its own time of closing counts. */
export function pushLicences(world: CaseWorld, push: Push, arrangement: Arrangement): void {
  const { caseNumber, department, at, by, closedAt } = push;
  const known = world.cases.get(caseNumber);
  if (known && known.missing <= 0) return;
  if (known) {
    known.missing -= push.licences.length;
    if (known.clock && known.missing <= 0) meet(known.clock, at, arrangement);
  } else if (closedAt === undefined) {
    if (!world.waiting.has(caseNumber)) world.waiting.set(caseNumber, at);
  } else {
    // Over the API on another day than it was closed: not made online.
    const today = dateOf(at) === dateOf(closedAt);
    const mode = by === 'api' && today ? 'online' : typeof by === 'string' ? 'offline' : by.mode;
    const offlineReason = typeof by === 'string' ? null : by.offlineReason;
    const clock = openClock(world, { mode, caseNumber, department, closedAt, openedAt: at, offlineReason });
    if (clock) meet(clock, at, arrangement);
    world.cases.set(caseNumber, { clock, missing: 0 });
  }
}

interface Opened {
  readonly mode: Mode;
  readonly caseNumber: string;
  readonly department: number;
  readonly closedAt: number;
  readonly openedAt: number;
  readonly offlineReason: string | null;
}

function openClock(world: CaseWorld, opened: Opened): Clock | null {
  const { mode, caseNumber: subject, department, closedAt: startedAt, openedAt, offlineReason } = opened;
  if (mode === 'online') return null;
  const kind = mode === 'batch' ? 'batch-push' : 'offline-push';
  const running = { metAt: null, dueWhenMet: null, explained: false };
  const clock: Clock = { kind, subject, department, startedAt, openedAt, offlineReason, ...running };
  world.clocks.push(clock);
  return clock;
}

/** Taken of a late clock only. */
export function giveReason(
  { cases, refused }: CaseWorld,
  { caseNumber, at }: LateReason,
  arrangement: Arrangement,
): void {
  const clock = cases.get(caseNumber)?.clock;
  if (!clock) return;
  if ((clock.metAt ?? at) > (clock.dueWhenMet ?? dueOf(clock, arrangement).dueAt)) clock.explained = true;
  else refused.push(`${caseNumber} CLOCK_NOT_LATE`);
}
