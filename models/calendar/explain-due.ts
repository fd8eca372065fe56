/** Explain a due date to whoever doubts it: each day on the way, whether it counts and why. */
import { z } from 'zod';
import type { House } from '../house.ts';
import { isRealDate, startOfShanghaiDate } from '../kernel/clock.ts';
import { throwFaults } from '../kernel/fault.ts';
import { loadCalendar } from './load-calendar.ts';
import { isCalendarYear } from './view-year.ts';
import { addWorkingDays, type ExplainedDay, explainWorkingDays } from './working-days.ts';

const MOST_WORKING_DAYS = 250;

export const explainQuery = z.strictObject({
  /** The day of the trigger, itself not counted: YYYY-MM-DD in Asia/Shanghai. */
  from: z.string().max(20),
  workingDays: z.coerce.number().int().min(1).max(MOST_WORKING_DAYS),
});

export interface ExplainedDue {
  readonly dueDate: string;
  readonly dueAt: string;
  readonly provisional: boolean;
  readonly days: readonly ExplainedDay[];
}

/** Throws `DATE_IMPOSSIBLE`, also for a year that no calendar has. */
export async function explainDue(
  house: House,
  { from, workingDays }: z.infer<typeof explainQuery>,
): Promise<ExplainedDue> {
  if (!isRealDate(from) || !isCalendarYear(Number(from.slice(0, 4))))
    throwFaults([{ pointer: '/from', code: 'DATE_IMPOSSIBLE', detail: from }]);
  const calendar = await loadCalendar(house);
  const { dueDate, dueAt, provisional } = addWorkingDays(calendar, startOfShanghaiDate(from), workingDays);
  return { dueDate, dueAt: dueAt.toISOString(), provisional, days: explainWorkingDays(calendar, from, workingDays) };
}
