/** Departments take turns with the city's own work: two at a time, in the order in which they asked, each for one portion of
 *  rows. Waiting for a department's database happens outside, so a slow one holds up nobody. */
import type { House } from '../../models/house.ts';

const AT_ONCE = 2;

interface Turns {
  free: number;
  readonly waiting: (() => void)[];
}

const turnsOf = new WeakMap<House['db'], Turns>();

export async function takeTurn<T>({ db }: Pick<House, 'db'>, act: () => Promise<T>): Promise<T> {
  const turns = turnsOf.get(db) ?? { free: AT_ONCE, waiting: [] };
  turnsOf.set(db, turns);
  if (turns.free > 0) turns.free -= 1;
  else await new Promise<void>((resolve) => turns.waiting.push(resolve));
  try {
    return await act();
  } finally {
    const next = turns.waiting.shift();
    if (next) next();
    else turns.free += 1;
  }
}
