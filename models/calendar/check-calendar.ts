/** Remind the bureau in December of the arrangement of the next year: an alarm that stands until it is published. */
import { type AlarmChanges, setAlarms } from '../exchange-state/index.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { viewCalendar } from './view-year.ts';

export async function checkCalendar(house: House, caller: Caller): Promise<AlarmChanges> {
  const { nextYearMissing } = await viewCalendar(house);
  const year = Number(toShanghaiDate(house.clock()).slice(0, 4)) + 1;
  const details = { path: `/api/v1/calendar/years/${year}` };
  return setAlarms(house, caller, 'calendar', nextYearMissing ? [{ subject: String(year), details }] : []);
}
