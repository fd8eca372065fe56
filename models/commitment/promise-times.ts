/** What is owed next, and when the clock has to look. Dates of Asia/Shanghai; a due date includes its day. */
import { addDays } from '../kernel/clock.ts';
import type { CommitmentColumns, CommitmentItemColumns } from './rows.ts';

/** Amber begins so many days before the due date. */
export const WARNED_DAYS = 3;

type Owed = Pick<CommitmentItemColumns, 'dueOn' | 'arrivedAt'>;
type Times = Pick<CommitmentColumns, 'state' | 'dueOn' | 'nextOn'>;

/** Of an open commitment, after something has changed in it. */
export function timesOf(items: readonly Owed[], rectifyBy: string | null, today: string): Times {
  const dates = items.flatMap(({ dueOn, arrivedAt }) => (arrivedAt === null ? [dueOn] : []));
  const [dueOn] = [...dates, ...(rectifyBy === null ? [] : [rectifyBy])].sort();
  if (dueOn === undefined) return { state: 'kept', dueOn: null, nextOn: null };
  return { state: 'open', dueOn, nextOn: nextLook(dueOn, addDays(today, -1)) };
}

/** The next date after this one on which something is to be told of a due date; null: all has been. */
export function nextLook(dueOn: string, after: string): string | null {
  return [addDays(dueOn, -WARNED_DAYS), addDays(dueOn, 1)].find((date) => date > after) ?? null;
}

export type CommitmentStage = 'open' | 'warned' | 'overdue';

export function stageOf(dueOn: string, today: string): CommitmentStage {
  if (today > dueOn) return 'overdue';
  return today >= addDays(dueOn, -WARNED_DAYS) ? 'warned' : 'open';
}
