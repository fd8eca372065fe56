/** How long a machine keeps us waiting. One that is slow gets one portion a pass of each table, so that the pass ends before the
 *  next begins. */
import { performance } from 'node:perf_hooks';
import type { FrontEndConnection } from './connection.ts';

/** One statement that took as long makes a machine slow, milliseconds. */
const SLOW_MS = 5000;
/** A pass over one machine ends after so long, milliseconds; what is left is the next one's. */
const LONGEST_MS = 110_000;

export interface Pace {
  readonly connection: FrontEndConnection;
  /** One of its statements was slow. */
  readonly isSlow: () => boolean;
  /** The time of a pass is over. */
  readonly isOver: () => boolean;
}

export function watchPace(connection: FrontEndConnection): Pace {
  const since = performance.now();
  let slowest = 0;
  const timed = async <T>(act: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    try {
      return await act();
    } finally {
      slowest = Math.max(slowest, performance.now() - begun);
    }
  };
  return {
    connection: {
      dialect: connection.dialect,
      query: (sql, parameters) => timed(() => connection.query(sql, parameters)),
      execute: (sql, parameters) => timed(() => connection.execute(sql, parameters)),
      transaction: (statements) => timed(() => connection.transaction(statements)),
      close: () => connection.close(),
    },
    isSlow: () => slowest > SLOW_MS,
    isOver: () => performance.now() - since > LONGEST_MS,
  };
}
