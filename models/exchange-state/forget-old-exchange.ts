/** What the exchange notes of its own doing, and nobody asks for any more: passes and ways after three months, alarms that are over,
 *  returned licences that were refused, and receipts that no state points to any more after a year. */
import { type ModelStatic, Op, type WhereOptions } from 'sequelize';
import type { House } from '../house.ts';
import type { Row } from '../store/define-table.ts';
import { withTransaction } from '../store/with-transaction.ts';

const KEPT_DAYS = 90;
const KEPT_LONG_DAYS = 365;
const DAY_MS = 86_400_000;
const PORTION = 1000;

/** How many rows. */
export async function forgetOldExchange(house: House): Promise<number> {
  const { exchangeRuns, exchangeLags, exchangeAlarms, provinceReturns } = house.db.rows;
  const before = (days: number) => ({ [Op.lt]: new Date(house.clock().getTime() - days * DAY_MS) });
  const runs = await forgetAll(house, exchangeRuns, { startedAt: before(KEPT_DAYS) });
  const lags = await forgetAll(house, exchangeLags, { minute: before(KEPT_DAYS) });
  const alarms = await forgetAll(house, exchangeAlarms, { openKey: null, clearedAt: before(KEPT_LONG_DAYS) });
  // Its page may still be there: should it be read again, it is judged again.
  const returns = await forgetAll(house, provinceReturns, { state: 'refused', updatedAt: before(KEPT_LONG_DAYS) });
  return runs + lags + alarms + returns + (await forgetReceipts(house, before(KEPT_LONG_DAYS)));
}

async function forgetAll<T extends { id: string }>(
  house: House,
  table: ModelStatic<Row<T>>,
  where: WhereOptions,
): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const rows = await table.findAll({ where, attributes: ['id'], limit: PORTION, raw: true });
    await forget(house, table, rows);
    forgotten += rows.length;
    if (rows.length < PORTION) return forgotten;
  }
}

async function forget<T extends { id: string }>(
  house: House,
  table: ModelStatic<Row<T>>,
  rows: readonly { readonly id: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  const where: WhereOptions = { id: rows.map(({ id }) => id) };
  await withTransaction(house.db, (transaction) => table.destroy({ where, transaction }));
}

async function forgetReceipts(house: House, receivedAt: { readonly [Op.lt]: Date }): Promise<number> {
  const { provinceReceipts, provinceStates } = house.db.rows;
  let forgotten = 0;
  for (let after = ''; ; ) {
    const where = { id: { [Op.gt]: after }, receivedAt };
    const page = await provinceReceipts.findAll({ where, attributes: ['id'], order: [['id', 'ASC']], limit: PORTION });
    const ids = page.map(({ id }) => id);
    const named = await provinceStates.findAll({
      where: { receiptId: ids },
      attributes: ['receiptId'],
      group: ['receiptId'],
    });
    const needed = new Set(named.map(({ receiptId }) => receiptId));
    const over = page.filter(({ id }) => !needed.has(id));
    await forget(house, provinceReceipts, over);
    forgotten += over.length;
    after = ids.at(-1) ?? after;
    if (page.length < PORTION) return forgotten;
  }
}
