/** Files that could not be read hold up no others: their licences are left to a later pass, which reads them after all others. Once
 *  several have failed the rest of the claim is not waited for; whichever failed stands last the next time. Kept by each process for
 *  itself. */
import { AppliedMeanwhile } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';
import type { Outcomes } from './row-outcome.ts';

/** Each may have taken as long as a statement may. */
const MOST_FAILURES = 3;

const unread = new WeakMap<House['db'], Set<string>>();

const nameOf = ({ frontEnd, businessKey }: FrontEndRow) => `${frontEnd}/${businessKey}`;

export interface ReadingRest {
  /** Those that failed the last time come last. */
  sort<T>(items: readonly T[], rowOf: (item: T) => FrontEndRow): T[];
  noteRead(rows: readonly FrontEndRow[]): void;
  /** Rows that get no outcome by the act are deferred with what it throws. Throws `AppliedMeanwhile`, and when the department's
   *  database does not answer at all. */
  attempt(rows: readonly FrontEndRow[], outcomes: Outcomes, act: () => Promise<void>): Promise<void>;
}

/** For the files of one claim. */
export function makeReadingRest({ house, connection }: MachinePass): ReadingRest {
  const failed = unread.get(house.db) ?? new Set<string>();
  unread.set(house.db, failed);
  let failures = 0;
  let last: unknown;
  return {
    sort(items, rowOf) {
      const isLast = (item: (typeof items)[number]) => failed.has(nameOf(rowOf(item)));
      return [...items.filter((item) => !isLast(item)), ...items.filter(isLast)];
    },
    noteRead(rows) {
      for (const row of rows) failed.delete(nameOf(row));
    },
    async attempt(rows, outcomes, act) {
      const leave = (error: unknown) => {
        for (const row of rows) if (!outcomes.has(row)) outcomes.set(row, { kind: 'deferred', error });
      };
      if (failures >= MOST_FAILURES) return leave(last);
      try {
        await act();
      } catch (error) {
        if (error instanceof AppliedMeanwhile) throw error;
        await connection.query('SELECT 1 AS one');
        failures += 1;
        last = error;
        for (const row of rows) failed.add(nameOf(row));
        leave(error);
      }
    },
  };
}
