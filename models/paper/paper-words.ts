/** The closed words of paper that was asked for. */
import { LICENCE_STATUSES, type LicenceStatus } from '../licence/states.ts';

/** refused: it can be had here, and no exception was stated; excepted: it can be had, and an exception was stated; asked: it cannot be had. */
export const PAPER_OUTCOMES = ['refused', 'excepted', 'asked'] as const;
export type PaperOutcome = (typeof PAPER_OUTCOMES)[number];

export const REPORT_STATES = ['filed', 'confirmed', 'dismissed'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** Why a licence cannot be had here: there is none, its type is not in the catalogue, or the status of the newest. */
export type Unobtainable = 'none' | 'catalogue-unknown' | Exclude<LicenceStatus, 'valid'>;

const STATUSES = Object.keys(LICENCE_STATUSES) as LicenceStatus[];
export const UNOBTAINABLE = [
  'none',
  'catalogue-unknown',
  ...STATUSES.filter((status) => status !== 'valid'),
] as unknown as readonly [Unobtainable, ...Unobtainable[]];
