/** When a row set out, so that the way to the province's receipt can be measured. A department's clock may be ahead: nothing was
 *  pushed later than now. */
import type { Caller } from '../../models/house.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';

/** So far ahead a clock is called wrong, milliseconds. */
export const SKEW_MS = 60_000;

export function arrivalOf({ machine, house }: MachinePass, { pushedAt }: FrontEndRow): Caller['arrival'] {
  if (!pushedAt) return undefined;
  const now = house.clock();
  return { frontEnd: machine.name, pushedAt: pushedAt > now ? now : pushedAt };
}

/** Whoever acts for one row. */
export function callerOf(pass: MachinePass, row: FrontEndRow): Caller {
  const arrival = arrivalOf(pass, row);
  return arrival ? { ...pass.caller, arrival } : { ...pass.caller };
}

/** How far the department's clock is ahead of ours by these rows, milliseconds; 0 when it is not. */
export function skewOf({ house }: MachinePass, rows: readonly FrontEndRow[]): number {
  const now = house.clock().getTime();
  const most = rows.reduce((most, { pushedAt }) => Math.max(most, (pushedAt?.getTime() ?? now) - now), 0);
  return most > SKEW_MS ? most : 0;
}
