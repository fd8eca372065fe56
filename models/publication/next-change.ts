/** Wait for the feed to go on: one look a second for all who wait in this process, and nothing of the database is held meanwhile. */
import { setTimeout as wait } from 'node:timers/promises';
import type { House } from '../house.ts';
import { givePositions } from './give-positions.ts';
import { readHead } from './read-feed.ts';

/** Milliseconds between two looks. */
const LOOK_MS = 1000;

/** Resolves after so many milliseconds. */
export type Pause = (ms: number) => Promise<unknown>;

/** The look that is due next, by database. */
const looks = new WeakMap<House['db'], Promise<number>>();

function nextLook(house: House, pause: Pause): Promise<number> {
  const due = looks.get(house.db);
  if (due) return due;
  const look = pause(LOOK_MS).then(async () => {
    looks.delete(house.db);
    await givePositions(house);
    return readHead(house);
  });
  // Whoever waits hears of a failure; when all have left it is nobody's.
  look.catch(() => undefined);
  looks.set(house.db, look);
  return look;
}

export interface Waiting {
  /** Looks, and so seconds, that are still to come. */
  left: number;
  /** Whoever waits has left, or the server stops. */
  readonly over: AbortSignal;
  readonly pause?: Pause | undefined;
}

/** Is there something after the position? False when the time is up or the waiting over. */
export async function nextChange(house: House, after: number, waiting: Waiting): Promise<boolean> {
  const { over, pause = (ms) => wait(ms, undefined, { ref: false }) } = waiting;
  let end = () => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  over.addEventListener('abort', end);
  try {
    while (waiting.left > 0 && !over.aborted) {
      waiting.left -= 1;
      const head = await Promise.race([nextLook(house, pause), ended]);
      if (head !== undefined && head > after) return true;
    }
    return false;
  } finally {
    over.removeEventListener('abort', end);
  }
}
