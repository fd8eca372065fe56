/** What the passes did with rows, by machine and outcome, over a span of time. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';

export interface OutcomeCount {
  readonly frontEnd: string;
  /** accepted, refused, replayed, deferred … as passes count them. */
  readonly outcome: string;
  readonly rows: number;
}

export async function sumRuns(house: House, since: Date): Promise<OutcomeCount[]> {
  const runs = await readRows(house.db.rows.exchangeRuns, { where: { startedAt: { [Op.gte]: since } } });
  const sums = new Map<string, OutcomeCount>();
  for (const { frontEnd, counts } of runs) {
    for (const [outcome, rows] of Object.entries(counts)) {
      const key = `${frontEnd} ${outcome}`;
      sums.set(key, { frontEnd, outcome, rows: (sums.get(key)?.rows ?? 0) + rows });
    }
  }
  return [...sums.values()];
}
