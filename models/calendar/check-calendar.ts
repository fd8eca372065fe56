/** Remind the bureau in December of the arrangement of the next year: an alarm that stands until it is published, also when that year
 *  has begun. */
import { type AlarmChanges, setAlarms } from '../exchange-state/index.ts';
import type { Caller, House } from '../house.ts';
import { viewCalendar } from './view-year.ts';

export async function checkCalendar(house: House, caller: Caller): Promise<AlarmChanges> {
  const { missingYear: year } = await viewCalendar(house);
  const details = { path: `/api/v1/calendar/years/${year}` };
  return setAlarms(house, caller, 'calendar', year === null ? [] : [{ subject: String(year), details }]);
}
