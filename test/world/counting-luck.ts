/** Randomness that repeats, and ids made of it: the same test makes the same ids. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../models/kernel/clock.ts';
import { makeNewId, type NewId, type RandomBytes } from '../../models/kernel/ids.ts';

/** How far it has come. */
export interface Drawn {
  readonly blocks: number;
  readonly ids: number;
  /** Blocks that were drawn before the first id. */
  readonly blocksBeforeIds: number;
}

export interface CountingLuck {
  readonly random: RandomBytes;
  readonly newId: NewId;
  drawn(): Drawn;
  /** Go on where another stood, whose clock had not moved. Only at the start. */
  goOnFrom(drawn: Drawn): void;
}

export function countingLuck(clock: Clock): CountingLuck {
  let [blocks, ids, blocksBeforeIds] = [0, 0, 0];
  const random: RandomBytes = (length) => {
    const bytes: number[] = [];
    while (bytes.length < length) {
      blocks += 1;
      bytes.push(...createHash('sha256').update(String(blocks)).digest());
    }
    return new Uint8Array(bytes.slice(0, length));
  };
  const make = makeNewId(clock, random);
  const newId: NewId = () => {
    if (ids === 0) blocksBeforeIds = blocks;
    ids += 1;
    return make();
  };
  return {
    ...{ random, newId },
    drawn: () => ({ blocks, ids, blocksBeforeIds }),
    goOnFrom(drawn) {
      blocks = drawn.blocksBeforeIds;
      while (ids < drawn.ids) newId();
      blocks = drawn.blocks;
    },
  };
}
