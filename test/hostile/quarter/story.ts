/** What happens in the simulated quarter, told as data: the same story is played on a house and judged by a reducer. Instants are
 *  milliseconds since 1970. */

export const START = Date.parse('2026-01-01T00:00:00+08:00');
export const END = Date.parse('2026-04-01T00:00:00+08:00');
/** Licences that make a declared batch. */
export const LEAST_BATCH = 5;
export const DEPARTMENTS = 40;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export type Mode = 'online' | 'offline' | 'batch';

/** A licence that comes with a push; those with a holder's number are issued at once. */
export interface StoryLicence {
  readonly number: string;
  readonly holder: number;
  readonly issued: boolean;
  /** YYYY-MM-DD; by them the clock turns its status within the quarter. */
  readonly validFrom?: string;
  readonly validTo?: string;
}

interface At {
  readonly at: number;
  readonly department: number;
}

export interface Notice extends At {
  readonly act: 'notice';
  readonly caseNumber: string;
  readonly mode: Mode;
  readonly closedAt: number;
  readonly offlineReason?: string;
  readonly batchSize?: number;
}

export interface Push extends At {
  readonly act: 'push';
  readonly caseNumber: string;
  readonly licences: readonly StoryLicence[];
  /** Over a front-end machine, over HTTP, or in a sheet that says how the cases were closed. */
  readonly by: 'front-end' | 'api' | { readonly mode: 'offline' | 'batch'; readonly offlineReason: string };
  readonly closedAt?: number;
}

export interface LateReason extends At {
  readonly act: 'late-reason';
  readonly caseNumber: string;
}

export interface Filing extends At {
  readonly act: 'file';
  readonly objection: string;
  readonly licence: string;
  readonly holder: number;
  readonly category: 'holder-data' | 'face-data' | 'status' | 'not-mine' | 'validity' | 'file' | 'other';
}

export interface ObjectionStep extends At {
  readonly act: 'reject' | 'uphold' | 'withdraw' | 'plan' | 'correct';
  readonly objection: string;
  readonly licence: string;
  readonly holder: number;
}

export interface Change extends At {
  readonly act: 'maintain' | 'suspend' | 'resume';
  readonly licence: string;
}

/** The bureau publishes another arrangement of the year. */
export interface CalendarChange {
  readonly act: 'calendar';
  readonly at: number;
}

export type Step = Notice | Push | LateReason | Filing | ObjectionStep | Change | CalendarChange;

export interface Story {
  readonly seed: number;
  /** In the order of their times. */
  readonly steps: readonly Step[];
  readonly licences: number;
  readonly objections: number;
}
