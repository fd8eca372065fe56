/** The gate for what is large: in one process one department's large files at a time are read, verified and recorded, so that
 *  memory stays flat. Whoever reads slowly does not hold it: after ten seconds one slow reader goes on reading outside, and comes
 *  in again with what it has read; a second one beside it stops and is read by a later pass. */
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds of reading after which others have the gate. */
const SLOW_MS = 10_000;

/** Resolves after so many milliseconds, or rejects when it is not needed any more. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

export class ReadTooSlowly extends Error {
  override readonly name = 'ReadTooSlowly';
}

export interface LargeGate {
  /** @param read is told when it need not go on
   *  @param use never runs beside another's; what was read is let go when it has ended */
  through<T>(read: (stopped: AbortSignal) => Promise<T>, use: (read: T) => Promise<void>): Promise<void>;
}

export function makeLargeGate(waitFor: Wait = (ms, signal) => wait(ms, undefined, { signal, ref: false })): LargeGate {
  let last: Promise<void> = Promise.resolve();
  let isOneOutside = false;
  /** In the order of asking; gives the way out, which may be taken more than once. */
  const enter = async (): Promise<() => void> => {
    const before = last;
    let leave = () => {};
    last = new Promise<void>((resolve) => {
      leave = resolve;
    });
    await before;
    return leave;
  };
  /** Is it read in good time? Its failure shows when it is awaited. */
  const isQuick = async (reading: Promise<unknown>): Promise<boolean> => {
    const enough = new AbortController();
    const ended = reading.then(
      () => true,
      () => true,
    );
    const late = waitFor(SLOW_MS, enough.signal).then(
      () => false,
      () => true,
    );
    const quick = await Promise.race([ended, late]);
    enough.abort();
    return quick;
  };
  return {
    async through(read, use) {
      let leave = await enter();
      const stop = new AbortController();
      try {
        const reading = read(stop.signal);
        reading.catch(() => undefined);
        if (!(await isQuick(reading))) {
          if (isOneOutside) throw new ReadTooSlowly();
          isOneOutside = true;
          leave();
          try {
            await reading;
            leave = await enter();
          } finally {
            isOneOutside = false;
          }
        }
        await use(await reading);
      } finally {
        stop.abort();
        leave();
      }
    },
  };
}
