/** One row a machine and pass: when, how many, and what stood in the way. */
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

export async function startRun(house: House, frontEnd: string): Promise<string> {
  const id = house.newId();
  const row = { id, frontEnd, startedAt: house.clock(), endedAt: null, counts: {} };
  await withTransaction(house.db, (tx) => house.db.rows.exchangeRuns.create(row, { transaction: tx }));
  return id;
}

/** @param error in words for the bureau; undefined when the machine answered throughout */
export async function endRun(
  house: House,
  frontEnd: string,
  id: string,
  counts: Readonly<Record<string, number>>,
  error: string | undefined,
): Promise<void> {
  const now = house.clock();
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.exchangeRuns.update({ endedAt: now, counts }, { where: { id }, transaction: tx });
    const passed = error === undefined ? { lastPassAt: now, lastError: null } : { lastError: error };
    await house.db.rows.frontEnds.update(passed, { where: { name: frontEnd }, transaction: tx });
  });
}
