/** Machines that behave alike share their places, so that none of another kind ever waits for one of them. A machine is of the
 *  first group that fits, by what its last pass was like. */
import type { FrontEndMachine } from '../../models/exchange-state/index.ts';

/** A pass that took as long, milliseconds, holds a place that many quick ones could have had: it hangs, is slow, or floods. */
const LONG_PASS_MS = 10_000;

type Conduct = Pick<FrontEndMachine, 'lastError' | 'lastPassMs'>;

interface MachineGroup {
  readonly name: string;
  /** How many of it are worked side by side; mostly spent waiting for departments' databases. */
  readonly places: number;
  fits(machine: Conduct): boolean;
}

export const MACHINE_GROUPS: readonly MachineGroup[] = [
  { name: 'front-end-in-trouble', places: 8, fits: ({ lastError }) => lastError !== null },
  { name: 'front-end-slow', places: 8, fits: ({ lastPassMs }) => lastPassMs >= LONG_PASS_MS },
  { name: 'front-end', places: 16, fits: () => true },
];

export function groupOf(machine: Conduct): MachineGroup {
  const group = MACHINE_GROUPS.find(({ fits }) => fits(machine));
  if (!group) throw new RangeError('a machine of no group');
  return group;
}
