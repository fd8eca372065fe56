/** Enter the arrangement of a year, or another in its place (国务院办公厅关于部分节假日安排的通知). Every clock that runs is due by it from that
 *  moment on: what moved is counted and kept with the change. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { judgeYear } from './judge-year.ts';
import { replaceYear } from './replace-year.ts';
import { type CalendarYearView, requireYear, viewYear } from './view-year.ts';

const MOST_DAYS = 200;

export const calendarYearSchema = z.strictObject({
  /** provisional: expected; what is counted by it says so. */
  state: z.enum(['published', 'provisional']),
  document: writtenText(190).optional(),
  /** Those that differ from the week. */
  days: z
    .array(z.strictObject({ date: z.string().max(20), kind: z.enum(['holiday', 'working']), name: writtenText(60) }))
    .max(MOST_DAYS),
});
export type CalendarYearInput = z.infer<typeof calendarYearSchema>;

/** Throws `REQUEST_INVALID` with what is wrong with the days, or `CALENDAR_HOLE` at `/year` for a year with none beside it. */
export async function saveYear(
  house: House,
  caller: Caller,
  year: number,
  input: CalendarYearInput,
  remember?: Remember<CalendarYearView>,
): Promise<CalendarYearView> {
  requireRole(caller, 'bureau.officer');
  requireYear(year);
  throwFaults(judgeYear(year, input.days));
  return withTransaction(house.db, async (tx) => {
    await replaceYear(house, tx, caller, year, input);
    const view = await viewYear(house, year, tx);
    await remember?.(tx, view);
    return view;
  });
}
