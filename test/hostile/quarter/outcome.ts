/** What comes out of a quarter, by the names of the story: the same from the reducer and from a house. */
import type { LeagueRow } from '../../../models/deadline/league.ts';

/** A clock in the list of what is overdue, or of what runs out. */
export interface ListedClock {
  readonly stage: 'warned' | 'overdue';
  readonly kind: string;
  /** Case or objection. */
  readonly subject: string;
  readonly department: number;
  readonly article: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  readonly lateMinutes: number;
  readonly explained: boolean;
  readonly offlineReason: string | null;
}

/** What supervision found; nothing but clocks is wrong in the story. */
export interface FindingLine {
  readonly kind: string;
  readonly subject: string;
  readonly department: number;
  readonly article: string;
  readonly since: string;
  readonly closedAt: string | null;
  readonly endedBy: string | null;
  readonly lateMinutes: number | null;
}

/** A case behind a figure of the report of the quarter. */
export interface ReportLine extends Pick<FindingLine, 'subject' | 'department' | 'article' | 'since' | 'lateMinutes'> {
  /** `case-late.open` */
  readonly figure: string;
}

/** A row of the table of departments, by the story's own name of the department. */
export interface LeagueLine extends Omit<LeagueRow, 'organisationCode' | 'name'> {
  readonly department: number;
}

export interface ObjectionLine {
  readonly objection: string;
  readonly state: string;
  readonly lateMinutes: number | null;
  readonly explained: boolean;
  readonly answeredAt: string | null;
  readonly correctedAt: string | null;
  readonly escalated: boolean;
  readonly correctionEscalated: boolean;
}

/** Each list holds what is there as often as it is there, in any order. */
export interface Outcome {
  readonly listed: readonly ListedClock[];
  readonly findings: readonly FindingLine[];
  readonly league: readonly LeagueLine[];
  /** Of the report of the quarter: what is late, and the league. */
  readonly reported: readonly ReportLine[];
  readonly reportedLeague: readonly LeagueLine[];
  /** `offline-push 季-1 overdue`: stages that are written down as told. */
  readonly stages: readonly string[];
  /** `bureau clock.overdue offline-push 季-1`. */
  readonly notices: readonly string[];
  readonly objections: readonly ObjectionLine[];
  /** `施字第…号 issue valid`: of each licence its changes, in their order. */
  readonly changes: readonly string[];
  /** `季-1 REQUEST_INVALID`: what was refused. */
  readonly refused: readonly string[];
}
