/** The clock of annual inspections: open the windows whose day has come, remind, and settle what was missed. Bounded: what is left is
 *  done at the next run. */
import type { Caller, House } from '../house.ts';
import { fillWindow, openNextWindow } from './open-windows.ts';
import { watchClosings } from './watch-closings.ts';

export interface InspectionRun {
  readonly opened: number;
  readonly due: number;
  readonly reminded: number;
  readonly missed: number;
}

const MOST_PORTIONS = 50;

/** @param goOn asked between two portions */
export async function runInspections(
  house: House,
  caller: Caller,
  goOn: () => boolean = () => true,
): Promise<InspectionRun> {
  let [opened, due, reminded, missed] = [0, 0, 0, 0];
  let portions = 0;
  const mayGoOn = () => goOn() && portions++ < MOST_PORTIONS;
  while (mayGoOn() && (await openNextWindow(house))) opened += 1;
  while (mayGoOn()) {
    const count = await fillWindow(house);
    if (count === undefined) break;
    due += count;
  }
  while (mayGoOn()) {
    const watched = await watchClosings(house, caller);
    if (!watched) break;
    reminded += watched.reminded;
    missed += watched.missed;
  }
  return { opened, due, reminded, missed };
}
