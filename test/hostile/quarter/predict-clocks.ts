/** The law's clocks, reduced. */
import { type Arrangement, countDays } from './arrangement.ts';
import type { FindingLine, ListedClock } from './outcome.ts';
import { END, MINUTE } from './story.ts';

const RULES = {
  'offline-push': { days: 1, article: '第十一条第二款', finding: 'case-late' },
  'batch-push': { days: 3, article: '第十一条第三款', finding: 'case-late' },
  objection: { days: 5, article: '第二十条', finding: 'objection-late' },
  correction: { days: 5, article: '主管部门规定', finding: 'correction-late' },
} as const;

export interface Clock {
  readonly kind: keyof typeof RULES;
  readonly subject: string;
  readonly department: number;
  readonly startedAt: number;
  readonly openedAt: number;
  readonly offlineReason: string | null;
  metAt: number | null;
  /** By the calendar of the moment at which it was stopped. */
  dueWhenMet: number | null;
  explained: boolean;
}

export const dueOf = ({ kind, startedAt }: Pick<Clock, 'kind' | 'startedAt'>, arrangement: Arrangement) =>
  countDays(startedAt, RULES[kind].days, arrangement);

/** It stops, as it stands by the calendar of now. */
export function meet(clock: Clock, at: number, arrangement: Arrangement): void {
  clock.metAt = at;
  clock.dueWhenMet = dueOf(clock, arrangement).dueAt;
}

/** When it is due, or was. */
export const finalDue = (clock: Clock) => clock.dueWhenMet ?? dueOf(clock, 'second').dueAt;

/** Stopped too late, or running still after its time. */
export const isBreached = (clock: Clock, now: number) => (clock.metAt ?? now) > finalDue(clock);

export const minutesLate = (clock: Clock, now: number) =>
  Math.max(0, Math.floor(((clock.metAt ?? now) - finalDue(clock)) / MINUTE));

/** As it stands in one of the two lists, if it does. */
export function listClock(clock: Clock, now: number): ListedClock[] {
  const breached = isBreached(clock, now);
  const runsOut = clock.metAt === null && dueOf(clock, 'second').warnAt <= now;
  if (!breached && !runsOut) return [];
  const { kind, subject, department, metAt, explained, offlineReason } = clock;
  return [
    {
      ...{ stage: breached ? 'overdue' : 'warned', kind, subject, department, article: RULES[kind].article },
      ...{
        dueAt: new Date(finalDue(clock)).toISOString(),
        metAt: metAt === null ? null : new Date(metAt).toISOString(),
      },
      ...{ lateMinutes: minutesLate(clock, now), explained, offlineReason },
    },
  ];
}

/** Of every breach one finding, closed when the clock was. */
export function findLate(clock: Clock, now: number): FindingLine[] {
  if (!isBreached(clock, now)) return [];
  const { kind, subject, department, metAt } = clock;
  const { finding, article } = RULES[kind];
  return [
    {
      ...{ kind: finding, subject, department, article, since: new Date(finalDue(clock)).toISOString() },
      ...{ closedAt: metAt === null ? null : new Date(metAt).toISOString(), endedBy: metAt === null ? null : 'met' },
      lateMinutes: minutesLate(clock, now),
    },
  ];
}

interface Told {
  readonly to: 'register' | 'notice';
  readonly line: string;
}

/** The register is the same whenever the jobs ran. Nobody is pressed by a notice to do what was done before a pass came by. */
export function tellStages(clock: Clock, passes: readonly number[]): Told[] {
  const { kind, subject, department, openedAt, metAt } = clock;
  const { warnAt } = dueOf(clock, 'second');
  const due = dueOf(clock, 'second').dueAt;
  const name = `${kind} ${subject}`;
  const told: Told[] = [];
  const ranWhileWarned = metAt === null ? warnAt <= END : metAt > warnAt && metAt > openedAt;
  if (openedAt < due && ranWhileWarned) {
    told.push({ to: 'register', line: `${name} warned` });
    const pass = passes.find((at) => at >= warnAt && at >= openedAt);
    if (pass !== undefined && (metAt === null || metAt > pass))
      told.push({ to: 'notice', line: `body:${department} clock.warned ${name}` });
  }
  if (isBreached(clock, END)) {
    told.push({ to: 'register', line: `${name} overdue` });
    // Objections come before the bureau by their escalation.
    const bureau = kind === 'offline-push' || kind === 'batch-push' ? ['bureau'] : [];
    for (const to of [`body:${department}`, ...bureau])
      told.push({ to: 'notice', line: `${to} clock.overdue ${name}` });
  }
  return told;
}
