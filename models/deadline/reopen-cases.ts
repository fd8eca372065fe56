/** Submissions were returned or taken back: the clock that one of them stopped runs again, unless another of the case stands, whose
 *  arrival counts then; of a declared batch the one with which as many stood as were declared. */
import { Op, QueryTypes } from 'sequelize';
import { tellAgain } from '../calendar/index.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { readInstant } from '../store/bulk-values.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { reopenFindings } from '../supervision/reopen-findings.ts';
import { type ArrivedLicence, findCases, isSheetBatch, keyOf } from './meet-cases.ts';
import type { DeadlineColumns } from './rows.ts';

type GoneLicence = Pick<ArrivedLicence, 'id' | 'issuingBody' | 'catalogueCode' | 'caseNumber'>;

/** What stands of a case. */
interface Standing {
  /** The first. */
  licenceId: string | null;
  /** The one with which all stood that are wanted. */
  last: { readonly licenceId: string; readonly at: Date } | null;
}

/** They stood until this transaction, and their rows say already that they do not any more. Of a batch by sheet the import decides, not
 *  what stands. */
export async function reopenCases(house: House, tx: Tx, gone: readonly GoneLicence[]): Promise<void> {
  const known = await findCases(house, tx, gone);
  const firstGone = new Map<string, string>();
  for (const licence of gone) {
    const row = known.get(keyOf(licence));
    if (!row || isSheetBatch(row)) continue;
    const other = firstGone.get(row.id);
    if (other === undefined || licence.id < other) firstGone.set(row.id, licence.id);
  }
  if (firstGone.size === 0) return;
  const standing = await findStanding(house, tx, [...firstGone.keys()]);
  const links = [...standing].map(([id, { licenceId }]) => ({ id, licenceId }));
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
  // One that came after those that are wanted had stopped nothing.
  const concerned = [...firstGone].filter(([id, goneId]) => goneId < (standing.get(id)?.last?.licenceId ?? '~'));
  await moveClocks(house, tx, new Map(concerned.map(([id]) => [id, standing.get(id)?.last?.at ?? null])));
}

/** By case; the case is held, so that nothing arrives meanwhile. */
async function findStanding(house: House, tx: Tx, caseIds: readonly string[]): Promise<Map<string, Standing>> {
  const rows = await house.db.sequelize.query<
    Record<'caseId' | 'licenceId', string> & Record<'isLast' | 'at', unknown>
  >(
    `WITH arrivals AS (
       SELECT cases.id AS caseId, COALESCE(cases.batch_size, 1) AS wanted, licences.id AS licenceId, licences.created_at AS at,
         ROW_NUMBER() OVER (PARTITION BY cases.id ORDER BY licences.id) AS place
       FROM cases JOIN licences ON licences.case_number = cases.case_number
         AND licences.issuing_body = cases.issuing_body AND licences.catalogue_code = cases.catalogue_code
       WHERE cases.id IN (:caseIds) AND licences.state NOT IN ('returned', 'withdrawn')
     )
     SELECT caseId, licenceId, at, CASE WHEN place = wanted THEN 1 ELSE 0 END AS isLast FROM arrivals
     WHERE place = 1 OR place = wanted ORDER BY caseId, place`,
    { replacements: { caseIds: [...caseIds] }, type: QueryTypes.SELECT, transaction: tx },
  );
  const found = new Map<string, Standing>(caseIds.map((id) => [id, { licenceId: null, last: null }]));
  for (const { caseId, licenceId, at, isLast } of rows) {
    const one = found.get(caseId);
    if (!one) continue;
    one.licenceId ??= licenceId;
    if (Number(isLast) === 1) one.last = { licenceId, at: readInstant(at) };
  }
  return found;
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
