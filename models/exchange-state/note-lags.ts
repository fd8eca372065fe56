/** How long changes take from the department's row to the province's receipt (R-33): sums by minute and machine. */
import { Op, QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ExchangeLagColumns } from './province-rows.ts';

/** The front-end row behind a change. */
export interface Arrival {
  readonly frontEnd: string;
  readonly pushedAt: Date;
}

/** Two passes of two minutes. */
export const TWO_CYCLES_MS = 240_000;
const MINUTE_MS = 60_000;

export async function noteLags(house: House, tx: Tx, arrived: readonly Arrival[]): Promise<void> {
  if (arrived.length === 0) return;
  const now = house.clock().getTime();
  const minute = new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS);
  const sums = new Map<string, { changes: number; sumMs: number; maxMs: number; over: number }>();
  for (const { frontEnd, pushedAt } of arrived) {
    const lag = Math.max(0, now - pushedAt.getTime());
    const sum = sums.get(frontEnd) ?? { changes: 0, sumMs: 0, maxMs: 0, over: 0 };
    sum.changes += 1;
    sum.sumMs += lag;
    sum.maxMs = Math.max(sum.maxMs, lag);
    if (lag > TWO_CYCLES_MS) sum.over += 1;
    sums.set(frontEnd, sum);
  }
  const rows = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([frontEnd, { changes, sumMs, maxMs, over }]) => [
      `${minute.toISOString()} ${frontEnd}`,
      ...[instantText(minute, house.db.dialect), frontEnd, changes, sumMs, maxMs, over],
    ]);
  await house.db.sequelize.query(
    `INSERT INTO exchange_lags (id, minute, front_end, changes, sum_ms, max_ms, over_two_cycles) VALUES :rows ${
      house.db.dialect === 'mysql'
        ? `ON DUPLICATE KEY UPDATE changes = changes + VALUES(changes), sum_ms = sum_ms + VALUES(sum_ms),
           max_ms = GREATEST(max_ms, VALUES(max_ms)), over_two_cycles = over_two_cycles + VALUES(over_two_cycles)`
        : `ON CONFLICT(id) DO UPDATE SET changes = changes + excluded.changes, sum_ms = sum_ms + excluded.sum_ms,
           max_ms = MAX(max_ms, excluded.max_ms), over_two_cycles = over_two_cycles + excluded.over_two_cycles`
    }`,
    { replacements: { rows }, type: QueryTypes.RAW, transaction: tx },
  );
}

/** A machine's way over a span of time. */
export interface LagFigures {
  readonly frontEnd: string;
  readonly changes: number;
  /** Seconds; null when nothing arrived. */
  readonly meanSeconds: number | null;
  readonly longestSeconds: number;
  readonly overTwoCycles: number;
}

/** By machine, of what the province acknowledged since then. */
export async function sumLags(house: House, since: Date): Promise<LagFigures[]> {
  const rows = await readRows(house.db.rows.exchangeLags, { where: { minute: { [Op.gte]: since } } });
  const machines = new Map<string, ExchangeLagColumns[]>();
  for (const row of rows) machines.set(row.frontEnd, [...(machines.get(row.frontEnd) ?? []), row]);
  return [...machines].sort().map(([frontEnd, own]) => {
    const changes = own.reduce((sum, row) => sum + row.changes, 0);
    const sumMs = own.reduce((sum, row) => sum + row.sumMs, 0);
    return {
      ...{ frontEnd, changes, meanSeconds: changes > 0 ? sumMs / changes / 1000 : null },
      longestSeconds: Math.max(...own.map(({ maxMs }) => maxMs)) / 1000,
      overTwoCycles: own.reduce((sum, row) => sum + row.overTwoCycles, 0),
    };
  });
}

/** Changes on their way, by machine. */
export interface Outstanding {
  readonly changes: number;
  /** When the oldest of their rows was pushed. */
  readonly oldest: Date;
}

/** What has been taken from the machines and has no receipt of the province yet. */
export async function findOutstanding(house: House): Promise<Map<string, Outstanding>> {
  const rows = await house.db.sequelize.query<{ machine: string; changes: number; oldest: Date | string }>(
    `SELECT front_end AS machine, COUNT(*) AS changes, MIN(pushed_at) AS oldest FROM outbox
       WHERE topic = 'province' AND state = 'waiting' AND front_end IS NOT NULL GROUP BY front_end
     UNION ALL
     SELECT front_end, COUNT(*), MIN(pushed_at) FROM province_states
       WHERE state = 'pending' AND front_end IS NOT NULL GROUP BY front_end`,
    { type: QueryTypes.SELECT },
  );
  const machines = new Map<string, Outstanding>();
  for (const { machine, changes, oldest } of rows) {
    const known = machines.get(machine);
    const at = readInstant(oldest);
    const earlier = known && known.oldest < at ? known.oldest : at;
    machines.set(machine, { changes: (known?.changes ?? 0) + Number(changes), oldest: earlier });
  }
  return machines;
}
