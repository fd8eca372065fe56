/** The clock of a batch, when it is known how many belong to it: it stops as of the last of so many, or runs on until that has come. */
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { keepPast } from './keep-past.ts';
import { meetDeadlines } from './open-deadline.ts';
import { moveClocks } from './reopen-cases.ts';

/** Whether it runs now or was stopped before. @param at null: not all have come */
export async function stopAsOf(house: House, tx: Tx, subjectId: string, at: Date | null): Promise<void> {
  await moveClocks(house, tx, new Map([[subjectId, at]]));
  const running = { subjectId, metAt: null };
  if (at === null || (await house.db.rows.deadlines.count({ where: running, transaction: tx })) === 0) return;
  await keepPast(house, tx, [subjectId]);
  await meetDeadlines(house, tx, [subjectId], at);
}
