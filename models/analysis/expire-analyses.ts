/** Deliveries end by the clock: after the last day of their period nothing is handed out and the bytes are deleted; the record
 *  stays. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import { type House, houseCaller } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { withMove } from './move-analysis.ts';
import { sweepParts } from './parts.ts';

const AT_ONCE = 100;

/** Harmless to run again. @returns how many ended now */
export async function expireAnalyses(house: House): Promise<number> {
  const { analyses } = house.db.rows;
  let expired = 0;
  for (;;) {
    const found = await withTransaction(house.db, async (tx) => {
      const now = house.clock();
      const where = { state: { [Op.in]: ['granted', 'preparing', 'ready'] as const }, expiresAt: { [Op.lte]: now } };
      const order: [string, string][] = [['id', 'ASC']];
      const rows = await readRows(analyses, { where, order, limit: AT_ONCE, tx, lock: true, by: 'analyses_expiry' });
      if (rows.length === 0) return 0;
      const caller = houseCaller('expire-analyses');
      const moved = rows.map((row) => ({ id: row.id, ...withMove(row, caller, 'expired', now) }));
      await updateRows(house.db, tx, analyses, 'id', moved);
      const facts = rows.map(({ number }) => ({ act: 'analysis.expire' as const, details: { number } }));
      await appendAudits(house, tx, caller, facts);
      return rows.length;
    });
    expired += found;
    if (found < AT_ONCE) break;
  }
  await sweepParts(house);
  return expired;
}
