/** The nightly comparison of city and province, kept with what it found. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

export async function startComparison(house: House): Promise<string> {
  const row = { id: house.newId(), startedAt: house.clock(), endedAt: null, counts: {}, differences: [] };
  await withTransaction(house.db, (tx) => house.db.rows.comparisons.create(row, { transaction: tx }));
  return row.id;
}

export async function recordComparison(
  house: House,
  caller: Caller,
  id: string,
  counts: Readonly<Record<string, number>>,
  differences: readonly unknown[],
  outcome: 'done' | 'failed',
): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    const values = { endedAt: house.clock(), counts, differences };
    await house.db.rows.comparisons.update(values, { where: { id }, transaction: tx });
    await appendAudit(house, tx, caller, {
      act: 'exchange.compare',
      outcome,
      details: { comparisonId: id, ...counts },
    });
  });
}
