/** What is owed next, and when the clock has to look. Dates of Asia/Shanghai; a due date includes its day. */
import { addDays } from '../kernel/clock.ts';
import type { CommitmentColumns, CommitmentItemColumns } from './rows.ts';

/** Amber begins so many days before the due date. */
export const WARNED_DAYS = 3;

type Owed = Pick<CommitmentItemColumns, 'dueOn' | 'arrivedAt'>;
type Times = Pick<CommitmentColumns, 'state' | 'dueOn' | 'nextOn'>;

/** Of an open commitment, after something has changed in it. */
export function timesOf(items: readonly Owed[], rectifyBy: string | null, today: string): Times {
  const dates = owedDates(items, rectifyBy);
  const [dueOn] = dates;
  if (dueOn === undefined) return { state: 'kept', dueOn: null, nextOn: null };
  return { state: 'open', dueOn, nextOn: nextLook(dates, addDays(today, -1)) };
}

/** The dates by which something is still owed, each once, the earliest first. */
export function owedDates(items: readonly Owed[], rectifyBy: string | null): string[] {
  const dates = items.flatMap(({ dueOn, arrivedAt }) => (arrivedAt === null ? [dueOn] : []));
  return [...new Set([...dates, ...(rectifyBy === null ? [] : [rectifyBy])])].sort();
}

/** Dates on which something is to be told of a due date. */
const looksOf = (dueOn: string) => [addDays(dueOn, -WARNED_DAYS), addDays(dueOn, 1)];

/** The next date after this one on which something is to be told of any of them; null: all has been. */
export function nextLook(dates: readonly string[], after: string): string | null {
  const looks = dates.flatMap(looksOf).filter((date) => date > after);
  return looks.sort()[0] ?? null;
}

/** What is to be told of a due date on a day, when the clock was to look first on another, maybe long before. */
export function toldOf(dueOn: string, since: string, today: string): CommitmentStage {
  const stage = stageOf(dueOn, today);
  const [warn = '', late = ''] = looksOf(dueOn);
  return (stage === 'warned' && warn >= since) || (stage === 'overdue' && late >= since) ? stage : 'open';
}

export type CommitmentStage = 'open' | 'warned' | 'overdue';

export function stageOf(dueOn: string, today: string): CommitmentStage {
  if (today > dueOn) return 'overdue';
  return today >= addDays(dueOn, -WARNED_DAYS) ? 'warned' : 'open';
}
