/** Choices by a seeded generator. */
import { seededRandom } from '../../bench/fresh-characters.ts';

export interface Chance {
  /** Whole numbers, both included. */
  between(least: number, most: number): number;
  /** True so often, of one. */
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T;
}

export function makeChance(seed: number): Chance {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    between,
    happens: (share) => random() < share,
    pick<T>(list: readonly T[]): T {
      const one = list[between(0, list.length - 1)];
      if (one === undefined) throw new RangeError('nothing to pick from');
      return one;
    },
  };
}
