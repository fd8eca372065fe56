/** What became of a licence or catalogue entry on its way to the province. */
import type { Arrival } from './note-lags.ts';
import type { ProvinceStateColumns } from './province-rows.ts';

export interface ProvinceSubject {
  readonly type: ProvinceStateColumns['subjectType'];
  /** Licence id or catalogue code. */
  readonly id: string;
  readonly sequence: number;
}

/** What became of the newest state of a subject. */
export interface Followed {
  readonly subject: ProvinceSubject;
  readonly issuingBody: string | null;
  /** Of the message; null when none could be made. */
  readonly digest: string | null;
  /** `known`: an earlier receipt covers it; `waiting`: no answer that can be believed, tried again. */
  readonly outcome: 'accepted' | 'known' | 'refused' | 'held' | 'pending' | 'waiting';
  readonly reason: string | null;
  readonly receiptId: string | null;
  /** The state before, undefined when there was none. */
  readonly before: ProvinceStateColumns | undefined;
  /** Of the front-end rows that this covers. */
  readonly arrivals: readonly Arrival[];
}

export const stateKeyOf = ({ type, id }: Pick<ProvinceSubject, 'type' | 'id'>) => `${type}:${id}`;
