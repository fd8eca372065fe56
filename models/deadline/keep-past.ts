/** Clocks are about to be told otherwise: how they stood until now is kept, and what was late by then is found, so that the report of a
 *  period that has ended says what was at its end, whenever it is made. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findLateOf } from '../supervision/keep-clock-findings.ts';
import type { ClockPastColumns } from './rows.ts';

/** To be called before they are changed. */
export async function keepPast(house: House, tx: Tx, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length === 0) return;
  const { deadlines, dueTimes, clockPasts } = house.db.rows;
  const where = { subjectId: { [Op.in]: [...subjectIds] } };
  const clocks = await readRows(deadlines, { where, tx });
  await findLateOf(
    house,
    tx,
    clocks.map(({ id }) => id),
  );
  const ids = [...new Set(clocks.map(({ dueTime }) => dueTime))];
  const times = await readRows(dueTimes, { where: { id: { [Op.in]: ids } }, tx });
  const byId = new Map(times.map((time) => [time.id, time]));
  const until = house.clock();
  const pasts = clocks.map(({ id, openedAt, dueTime, metAt, ...clock }): ClockPastColumns => {
    const dueAt = metAt === null ? (byId.get(dueTime)?.dueAt ?? clock.dueAt) : clock.dueAt;
    // Of several changes at one moment the first: between them nothing lasted. In the order of time.
    return { id: `${id}:${until.toISOString()}`, deadlineId: id, openedAt, dueAt, metAt, until };
  });
  await insertMissing(house.db, tx, clockPasts, 'id', pasts);
}

/** SQL: `past`, how the clock called `clockId` stood at the instant `at`; nulls where it has not been told otherwise since. */
export const pastJoin = (clockId: string, at: string) => `
  LEFT JOIN clock_pasts past ON past.id = (
    SELECT sooner.id FROM clock_pasts sooner
    WHERE sooner.deadline_id = ${clockId} AND sooner.until >= ${at} ORDER BY sooner.until LIMIT 1)`;
