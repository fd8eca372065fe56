/** Submissions were returned or taken back: the clock that one of them stopped runs again, unless another of the case stands, whose
 *  arrival counts then; of a declared batch the one with which as many stood as were declared. */
import { Op, QueryTypes } from 'sequelize';
import { tellAgain } from '../calendar/index.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { reopenFindings } from '../supervision/reopen-findings.ts';
import { STANDING } from './arrivals.ts';
import { countAnew } from './count-standing.ts';
import { findFirsts, findPlaced } from './find-placed.ts';
import { keepPast } from './keep-past.ts';
import { type ArrivedLicence, findCases, isSheetBatch, keyOf } from './meet-cases.ts';
import type { CaseColumns, DeadlineColumns } from './rows.ts';

type GoneLicence = Pick<ArrivedLicence, 'id' | 'issuingBody' | 'catalogueCode' | 'caseNumber'>;

/** They stood until this transaction, and their rows say already that they do not any more. */
export async function reopenCases(house: House, tx: Tx, gone: readonly GoneLicence[]): Promise<void> {
  if (gone.length === 0) return;
  const known = await findCases(house, tx, gone);
  const losses = new Map<string, Loss>();
  const lose = (row: CaseColumns, licenceId: string) => {
    const loss = losses.get(row.id) ?? { row, gone: new Set<string>() };
    losses.set(row.id, { ...loss, gone: loss.gone.add(licenceId) });
  };
  for (const licence of gone) {
    const row = known.get(keyOf(licence));
    if (row && !isSheetBatch(row)) lose(row, licence.id);
  }
  for (const { row, licenceId } of await findBatches(house, tx, gone)) lose(row, licenceId);
  const lost = [...losses.values()];
  await linkAnew(house, tx, lost);
  await moveClocks(house, tx, await findMoved(house, tx, lost));
}

interface Loss {
  readonly row: CaseColumns;
  readonly gone: Set<string>;
}

/** To the first that stands, where the one that it was linked to is gone. */
async function linkAnew(house: House, tx: Tx, lost: readonly Loss[]): Promise<void> {
  const ids = lost.flatMap(({ row, gone }) => (row.licenceId !== null && gone.has(row.licenceId) ? [row.id] : []));
  const firsts = await findFirsts(house, tx, ids);
  const links = ids.map((id) => ({ id, licenceId: firsts.get(id)?.licenceId ?? null }));
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
}

/** Cases whose clock stops at another time now, or (null) no longer: fewer stand than are wanted. */
async function findMoved(house: House, tx: Tx, lost: readonly Loss[]): Promise<Map<string, Date | null>> {
  const declared = lost.filter(({ row }) => row.batchSize !== null);
  const changes = declared.map(({ row, gone }) => ({ row, change: -gone.size }));
  const standing = await countAnew(house, tx, changes);
  const single = lost.flatMap(({ row }) => (row.batchSize === null ? [row.id] : []));
  const firsts = await findFirsts(house, tx, single);
  const moved = new Map<string, Date | null>();
  for (const { row, gone } of lost) {
    const { id, batchSize } = row;
    const last = batchSize === null ? firsts.get(id) : await findPlaced(house, tx, id, batchSize, standing.get(id));
    // One that came after those that are wanted had stopped nothing.
    if (!last || [...gone].some((licenceId) => licenceId < last.licenceId)) moved.set(id, last?.at ?? null);
  }
  return moved;
}

/** Batches of a declared size for which a sheet brought them, under whatever case number; held. */
async function findBatches(house: House, tx: Tx, gone: readonly GoneLicence[]) {
  const rows = await house.db.sequelize.query<{ readonly caseId: string; readonly licenceId: string }>(
    `SELECT imports.case_id AS caseId, import_rows.licence_id AS licenceId
     FROM import_rows JOIN imports ON imports.id = import_rows.import_id JOIN cases ON cases.id = imports.case_id
       JOIN licences ON licences.id = import_rows.licence_id AND NOT (${STANDING})
     WHERE import_rows.licence_id IN (:ids) AND import_rows.outcome = 'accepted'
       AND cases.batch_size IS NOT NULL AND cases.withdrawn_key = ''`,
    { replacements: { ids: gone.map(({ id }) => id) }, type: QueryTypes.SELECT, transaction: tx },
  );
  if (rows.length === 0) return [];
  const where = { id: { [Op.in]: rows.map(({ caseId }) => caseId) } };
  const held = await readRows(house.db.rows.cases, { where, order: [['id', 'ASC']], tx, lock: true, by: 'PRIMARY' });
  const byId = new Map(held.map((row) => [row.id, row]));
  return rows.flatMap(({ caseId, licenceId }) => {
    const row = byId.get(caseId);
    return row ? [{ row, licenceId }] : [];
  });
}

/** By case: when its clock stops instead; null: it runs. Those that run already stay as they are. */
export async function moveClocks(house: House, tx: Tx, cases: ReadonlyMap<string, Date | null>): Promise<void> {
  if (cases.size === 0) return;
  const { deadlines, dueTimes } = house.db.rows;
  const where = { subjectId: { [Op.in]: [...cases.keys()] }, metAt: { [Op.ne]: null } };
  const stopped = await readRows(deadlines, { where, order: [['id', 'ASC']], tx });
  const stopOf = ({ subjectId }: DeadlineColumns) => cases.get(subjectId) ?? null;
  const clocks = stopped.filter((clock) => clock.metAt?.getTime() !== stopOf(clock)?.getTime());
  if (clocks.length === 0) return;
  await keepPast(
    house,
    tx,
    clocks.map(({ subjectId }) => subjectId),
  );
  const ids = [...new Set(clocks.map(({ dueTime }) => dueTime))];
  const times = await readRows(dueTimes, { where: { id: { [Op.in]: ids } }, tx });
  const byId = new Map(times.map((time) => [time.id, time]));
  const now = house.clock();
  const moved = clocks.map((clock): Pick<DeadlineColumns, 'id' | 'metAt' | 'late' | 'dueAt' | 'openedAt'> => {
    const metAt = stopOf(clock);
    const dueAt = byId.get(clock.dueTime)?.dueAt ?? clock.dueAt;
    // Of one that was in time nobody could know before now that it is not: it counts as opened now, also for those who are told.
    const isLater = metAt === null || clock.metAt === null || metAt > clock.metAt;
    const openedAt = clock.late || !isLater ? clock.openedAt : now;
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
