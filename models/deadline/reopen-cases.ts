/** Submissions were returned or taken back: the clock that one of them stopped runs again, unless another of the case stands, whose
 *  arrival counts then; of a declared batch the one with which as many stood as were declared. */
import { Op, QueryTypes } from 'sequelize';
import { tellAgain } from '../calendar/index.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { reopenFindings } from '../supervision/reopen-findings.ts';
import { findArrivals } from './arrivals.ts';
import { type ArrivedLicence, findCases, isSheetBatch, keyOf } from './meet-cases.ts';
import type { DeadlineColumns } from './rows.ts';

type GoneLicence = Pick<ArrivedLicence, 'id' | 'issuingBody' | 'catalogueCode' | 'caseNumber'>;

/** They stood until this transaction, and their rows say already that they do not any more. */
export async function reopenCases(house: House, tx: Tx, gone: readonly GoneLicence[]): Promise<void> {
  if (gone.length === 0) return;
  const known = await findCases(house, tx, gone);
  const numbered = gone.flatMap((licence) => {
    const row = known.get(keyOf(licence));
    return row && !isSheetBatch(row) ? [{ caseId: row.id, licenceId: licence.id }] : [];
  });
  const firstGone = new Map<string, string>();
  for (const { caseId, licenceId } of [...numbered, ...(await findBatches(house, tx, gone))]) {
    const other = firstGone.get(caseId);
    if (other === undefined || licenceId < other) firstGone.set(caseId, licenceId);
  }
  if (firstGone.size === 0) return;
  const standing = await findArrivals(house, tx, [...firstGone.keys()]);
  const links = [...standing].map(([id, { licenceId }]) => ({ id, licenceId }));
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
  // One that came after those that are wanted had stopped nothing.
  const concerned = [...firstGone].filter(([id, goneId]) => goneId < (standing.get(id)?.last?.licenceId ?? '~'));
  await moveClocks(house, tx, new Map(concerned.map(([id]) => [id, standing.get(id)?.last?.at ?? null])));
}

/** Batches of a declared size for which a sheet brought them, under whatever case number; held. */
async function findBatches(house: House, tx: Tx, gone: readonly GoneLicence[]) {
  const rows = await house.db.sequelize.query<{ readonly caseId: string; readonly licenceId: string }>(
    `SELECT imports.case_id AS caseId, import_rows.licence_id AS licenceId
     FROM import_rows JOIN imports ON imports.id = import_rows.import_id JOIN cases ON cases.id = imports.case_id
     WHERE import_rows.licence_id IN (:ids) AND import_rows.outcome = 'accepted'
       AND cases.batch_size IS NOT NULL AND cases.withdrawn_key = ''`,
    { replacements: { ids: gone.map(({ id }) => id) }, type: QueryTypes.SELECT, transaction: tx },
  );
  const where = { id: { [Op.in]: rows.map(({ caseId }) => caseId) } };
  if (rows.length > 0)
    await readRows(house.db.rows.cases, { where, order: [['id', 'ASC']], tx, lock: true, by: 'PRIMARY' });
  return rows;
}

/** By case: when its clock stops instead; null: it runs. Those that run already stay as they are. */
async function moveClocks(house: House, tx: Tx, cases: ReadonlyMap<string, Date | null>): Promise<void> {
  if (cases.size === 0) return;
  const { deadlines, dueTimes } = house.db.rows;
  const where = { subjectId: { [Op.in]: [...cases.keys()] }, metAt: { [Op.ne]: null } };
  const clocks = await readRows(deadlines, { where, order: [['id', 'ASC']], tx });
  if (clocks.length === 0) return;
  const ids = [...new Set(clocks.map(({ dueTime }) => dueTime))];
  const times = await readRows(dueTimes, { where: { id: { [Op.in]: ids } }, tx });
  const byId = new Map(times.map((time) => [time.id, time]));
  const now = house.clock();
  const moved = clocks.map((clock): Pick<DeadlineColumns, 'id' | 'metAt' | 'late' | 'dueAt' | 'openedAt'> => {
    const metAt = cases.get(clock.subjectId) ?? null;
    const dueAt = byId.get(clock.dueTime)?.dueAt ?? clock.dueAt;
    // Of one that was in time nobody could know before now that it is not: it counts as opened now, also for those who are told.
    const openedAt = clock.late ? clock.openedAt : now;
    return { id: clock.id, metAt, late: metAt === null ? null : metAt > dueAt, dueAt, openedAt };
  });
  await updateRows(house.db, tx, deadlines, 'id', moved);
  await reopenFindings(
    house,
    tx,
    moved.map(({ id }) => id),
  );
  await tellAgain(house, tx, times, { running: true });
}
