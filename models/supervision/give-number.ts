/** Numbers of documents: one series a kind and year, without gaps. Whoever takes one holds the series until the commit; what is not
 *  kept gives its number back. */
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { insertMissing } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';

/** As documents of the bureau are called. */
const SERIES = { order: '数管改字', circular: '数管通字', referral: '数管移字' } as const;

/** 数管改字〔2026〕1号 */
export async function giveNumber(house: House, tx: Tx, series: keyof typeof SERIES): Promise<string> {
  const { supervisionNumbers } = house.db.rows;
  const year = toShanghaiDate(house.clock()).slice(0, 4);
  const id = `${series}-${year}`;
  await insertMissing(house.db, tx, supervisionNumbers, 'id', [{ id, last: 0 }]);
  const row = await supervisionNumbers.findByPk(id, { transaction: tx, lock: true });
  const last = (row?.last ?? 0) + 1;
  await supervisionNumbers.update({ last }, { where: { id }, transaction: tx });
  return `${SERIES[series]}〔${year}〕${last}号`;
}
