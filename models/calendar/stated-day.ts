/** What a calendar file says of one day, and where it says so. */
import type { PointedFault } from '../kernel/fault.ts';
import type { CalendarDayColumns } from './rows.ts';

export interface StatedDay extends CalendarDayColumns {
  /** Where in the request. */
  readonly pointer: string;
  /** Where in the file: line and UID; empty where the pointer says it all. */
  readonly place: string;
}

export interface StatedDays {
  readonly days: readonly StatedDay[];
  readonly faults: readonly PointedFault[];
  /** Events that say nothing of working: observances, anniversaries. */
  readonly ignored: number;
}
