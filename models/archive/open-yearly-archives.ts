/** Order, for every body that issues, the batch of the year that has ended. Ordered once a year and body, however often asked. */
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { composeRow } from './open-archive.ts';

/** @returns batches ordered now */
export async function openYearlyArchives(house: House, caller: Caller): Promise<number> {
  const year = String(Number(toShanghaiDate(house.clock()).slice(0, 4)) - 1);
  const { archives, organisations } = house.db.rows;
  const bodies = await readRows(organisations, {
    where: { isIssuer: true, state: 'active' },
    order: [['code', 'ASC']],
  });
  return withTransaction(house.db, async (tx) => {
    const rows = bodies.map(({ code: organisationCode }) => {
      const criteria = { from: `${year}-01-01`, to: `${year}-12-31` };
      const row = composeRow(house, caller, { purpose: 'issued', organisationCode, criteria });
      // its number says that it is the year's: it cannot be there twice
      return { ...row, number: `DZZZ-QF-${organisationCode}-${year}` };
    });
    const number = rows.map((row) => row.number);
    const known = new Set((await readRows(archives, { where: { number }, tx })).map((row) => row.number));
    const fresh = rows.filter((row) => !known.has(row.number));
    await insertMissing(house.db, tx, archives, 'id', fresh);
    const entries = fresh.map((row) => ({ act: 'archive.open' as const, details: { archiveId: row.id, year } }));
    await appendAudits(house, tx, caller, entries);
    return fresh.length;
  });
}
