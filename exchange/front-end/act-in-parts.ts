/** Act upon many rows at once. When an error of ours hits the whole, the halves are tried, so that only the row that causes it is
 *  left; but a house that is down or full is not asked again for each row. */
import { AppliedMeanwhile } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';

/** Failures one after the other until the house counts as down. */
const MOST_FAILURES = 12;

/** @param act throws when none of the rows was applied
 *  @param leave is told of the rows that no try has applied, with the error. Throws `AppliedMeanwhile` at once. */
export async function actInParts<T>(
  house: House,
  rows: readonly T[],
  act: (rows: readonly T[]) => Promise<void>,
  leave: (rows: readonly T[], error: unknown) => void,
): Promise<void> {
  let failures = 0;
  const attempt = async (part: readonly T[]): Promise<void> => {
    if (part.length === 0) return;
    try {
      await act(part);
      failures = 0;
    } catch (error) {
      if (error instanceof AppliedMeanwhile) throw error;
      failures += 1;
      if (part.length === 1 || failures >= MOST_FAILURES || !(await answers(house))) {
        leave(part, error);
        return;
      }
      const middle = part.length >> 1;
      await attempt(part.slice(0, middle));
      await attempt(part.slice(middle));
    }
  };
  await attempt(rows);
}

function answers({ db }: House): Promise<boolean> {
  return db.sequelize.query('SELECT 1').then(
    () => true,
    () => false,
  );
}
