/** The comparison of city and province, kept with what it found. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { ComparisonColumns } from './rows.ts';

export async function startComparison(house: House): Promise<string> {
  const row = { id: house.newId(), startedAt: house.clock(), endedAt: null, counts: {}, differences: [] };
  await withTransaction(house.db, (tx) => house.db.rows.comparisons.create(row, { transaction: tx }));
  return row.id;
}

export interface ComparisonFacts {
  readonly differences: readonly unknown[];
  readonly departments: readonly unknown[];
  readonly guarded: boolean;
  readonly scope: string;
  /** Name of the connector. */
  readonly link: string;
  /** Too much was there alone to be withdrawn unasked. */
  readonly isWithheld: boolean;
  /** An operator asked for it. */
  readonly withdrawAll: boolean;
}

export async function recordComparison(
  house: House,
  caller: Caller,
  id: string,
  counts: Readonly<Record<string, number>>,
  { differences, ...facts }: ComparisonFacts,
  outcome: 'done' | 'failed',
): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    const values = { endedAt: house.clock(), counts, differences, outcome, facts };
    await house.db.rows.comparisons.update(values, { where: { id }, transaction: tx });
    await appendAudit(house, tx, caller, {
      act: 'exchange.compare',
      outcome,
      details: { comparisonId: id, ...counts, isWithheld: facts.isWithheld, withdrawAll: facts.withdrawAll },
    });
  });
}

/** Those that came to their end after this one, the oldest first. */
export async function findComparisonsAfter(house: House, id: string): Promise<ComparisonColumns[]> {
  const where = { id: { [Op.gt]: id }, outcome: 'done' as const };
  return readRows(house.db.rows.comparisons, { where, order: [['id', 'ASC']] });
}
