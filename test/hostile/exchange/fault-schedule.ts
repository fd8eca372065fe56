/** What goes wrong, and when: a list made from a seed before anything starts, so that a run can be had again. */

export type Victim = 'worker' | 'city-database' | 'department-database' | 'redis' | 'province';

export type Fault =
  /** SIGKILL; `downMs` later it is started again. */
  | { readonly kind: 'kill'; readonly victim: Victim; readonly which: number; readonly downMs: number }
  /** The victim is away while the clock of everybody else runs on by `simulatedMs`. */
  | { readonly kind: 'outage'; readonly victim: Victim; readonly simulatedMs: number };

export interface PlannedFault {
  /** Milliseconds to wait after the fault before. */
  readonly afterMs: number;
  readonly fault: Fault;
}

export interface ScheduleOptions {
  /** SIGKILLs in all. */
  readonly kills: number;
  readonly workers: number;
  readonly outages: readonly number[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** 10 s, 60 s, 5 min, a day, three days. */
export const OUTAGES_MS = [10_000, MINUTE_MS, 5 * MINUTE_MS, DAY_MS, 3 * DAY_MS] as const;

/** Of a hundred kills, how many hit whom. */
const SHARES: readonly (readonly [Victim, number])[] = [
  ['worker', 60],
  ['city-database', 12],
  ['department-database', 10],
  ['redis', 10],
  ['province', 8],
];

const LONGEST_PAUSE_MS = 1_500;
const LONGEST_DOWN_MS = 1_200;

/** `random` gives numbers from 0 to below 1. Every victim is hit at least once. */
export function planFaults({ kills, workers, outages }: ScheduleOptions, random: () => number): PlannedFault[] {
  const victims = Array.from({ length: kills }, (_, index) => SHARES[index]?.[0] ?? chooseVictim(random));
  const planned: PlannedFault[] = victims.map((victim) => ({
    afterMs: Math.round(random() * LONGEST_PAUSE_MS),
    fault: {
      ...{ kind: 'kill', victim, which: Math.floor(random() * workers) },
      downMs: Math.round(random() * LONGEST_DOWN_MS),
    },
  }));
  const away: readonly Victim[] = ['province', 'department-database', 'redis'];
  for (const [index, simulatedMs] of outages.entries()) {
    const fault: Fault = { kind: 'outage', victim: away[index % away.length] ?? 'province', simulatedMs };
    planned.splice(Math.floor(random() * planned.length), 0, { afterMs: 0, fault });
  }
  return planned;
}

function chooseVictim(random: () => number): Victim {
  let left = random() * 100;
  for (const [victim, share] of SHARES) {
    left -= share;
    if (left < 0) return victim;
  }
  return 'worker';
}
