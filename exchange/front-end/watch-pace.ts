/** How long a machine keeps us waiting. One that is slow gets one portion a pass, so that the pass ends before the next begins. */
import { performance } from 'node:perf_hooks';
import type { FrontEndConnection } from './connection.ts';

/** One statement that took as long makes a machine slow, milliseconds. */
const SLOW_MS = 5000;
/** A pass over one machine ends after so long, milliseconds; what is left is the next one's. */
const LONGEST_MS = 110_000;

export interface Pace {
  readonly connection: FrontEndConnection;
  readonly isEnough: () => boolean;
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
    isEnough: () => slowest > SLOW_MS || performance.now() - since > LONGEST_MS,
  };
}
