/** A closing notice (办结通知): the case is closed and its licence must be pushed in time, seen even if it never comes. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { judgeClosingTime } from '../kernel/closing-time.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { findClocks } from './find-clocks.ts';
import { isSheetBatch } from './meet-cases.ts';
import { meetDeadlines, openDeadline } from './open-deadline.ts';
import { type CaseColumns, NOT_WITHDRAWN, STANDS } from './rows.ts';

export const closingNoticeSchema = z.strictObject({
  caseNumber: writtenText(64),
  catalogueCode: z.string().length(21),
  mode: z.enum(['online', 'offline', 'batch']),
  /** Required when offline (M-11): no online means, or off the government network. */
  offlineReason: writtenText(500).optional(),
  /** Licences of a declared batch. */
  batchSize: z.int().min(1).max(1_000_000).optional(),
  closedAt: z.iso.datetime({ offset: true }),
});
export type ClosingNotice = z.infer<typeof closingNoticeSchema>;

export interface CaseView {
  readonly caseNumber: string;
  readonly mode: CaseColumns['mode'];
  readonly closedAt: string;
  readonly dueAt: string | null;
}

export async function closeCase(
  house: House,
  caller: Caller,
  notice: ClosingNotice,
  source = 'api',
  remember?: Remember<CaseView>,
): Promise<CaseView> {
  requireRole(caller, 'issuer.clerk');
  const issuingBody = requireOrganisation(caller);
  await requireActive(house, issuingBody);
  throwFaults(await checkNotice(house, caller, issuingBody, notice));
  return withTransaction(house.db, async (tx) => {
    const view = await recordCase(house, tx, issuingBody, notice, source);
    await appendAudit(house, tx, caller, {
      act: 'case.close',
      caseNumber: notice.caseNumber,
      details: { mode: notice.mode },
    });
    await remember?.(tx, view);
    return view;
  });
}

async function checkNotice(
  house: House,
  caller: Caller,
  issuingBody: string,
  notice: ClosingNotice,
): Promise<PointedFault[]> {
  const faults: PointedFault[] = [];
  const entry = await findNewestEntry(house, notice.catalogueCode);
  if (!entry) faults.push({ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' });
  else if (entry.issuingBody !== issuingBody) faults.push({ pointer: '/catalogueCode', code: 'FOREIGN_ISSUER' });
  if (notice.mode === 'offline' && !notice.offlineReason)
    faults.push({ pointer: '/offlineReason', code: 'FIELD_REQUIRED' });
  const wrong = judgeClosingTime(notice.closedAt, house.clock());
  if (wrong) faults.push({ pointer: '/closedAt', code: wrong });
  if (notice.mode === 'batch') faults.push(...(await judgeBatch(house, caller, issuingBody, notice)));
  return faults;
}

/** A batch is declared no later than on the day it is closed, with its size. One that is declared already is not judged again. */
async function judgeBatch(
  house: House,
  caller: Caller,
  issuingBody: string,
  { caseNumber, catalogueCode, closedAt, batchSize }: ClosingNotice,
): Promise<PointedFault[]> {
  const known = await house.db.rows.cases.findOne({ where: { issuingBody, caseNumber, catalogueCode, ...STANDS } });
  if (known) return [];
  const faults: PointedFault[] = [];
  const least = house.leastBatchRows ?? 1;
  if (batchSize === undefined && least > 1) faults.push({ pointer: '/batchSize', code: 'FIELD_REQUIRED' });
  else if ((batchSize ?? least) < least)
    faults.push({ pointer: '/batchSize', code: 'BATCH_TOO_SMALL', detail: `≥ ${least}` });
  // A front-end row was declared when it was written, however late it is read.
  const declared = toShanghaiDate(caller.arrival?.pushedAt ?? house.clock());
  const closed = toShanghaiDate(new Date(closedAt));
  if (declared > closed) faults.push({ pointer: '/closedAt', code: 'BATCH_DECLARED_LATE', detail: closed });
  return faults;
}

/** The first notice of a case and catalogue entry counts; a repeated one changes nothing. A case that brings licences of
 *  several types (联合验收) has a notice and a clock for each. */
export async function recordCase(
  house: House,
  tx: Tx,
  issuingBody: string,
  notice: ClosingNotice,
  source: string,
): Promise<CaseView> {
  const { cases } = house.db.rows;
  const { caseNumber, catalogueCode, mode, offlineReason = null, batchSize = null } = notice;
  const [id, closedAt, noticedAt] = [house.newId(), new Date(notice.closedAt), house.clock()];
  const facts = { caseNumber, issuingBody, catalogueCode, mode, offlineReason, batchSize, closedAt, noticedAt, source };
  await insertMissing(house.db, tx, cases, 'id', [{ id, ...facts, licenceId: null, ...NOT_WITHDRAWN }]);
  const where = { issuingBody, caseNumber, catalogueCode };
  const [row] = await readRows(cases, { where: { ...where, ...STANDS }, tx, lock: true, by: 'cases_entry' });
  if (row?.id !== id) return viewKnown(house, tx, row ?? { id, ...facts });
  // The licence may have come before its notice: then its arrival ends the clock. Looked for when the case is there, so that of a
  // licence and a notice that come at once either finds the other.
  const arrived = await findArrived(house, tx, where, batchSize ?? 1);
  const [first] = arrived;
  if (first) await cases.update({ licenceId: first.id }, { where: { id }, transaction: tx });
  if (mode === 'online') return { caseNumber, mode, closedAt: closedAt.toISOString(), dueAt: null };
  const kind = mode === 'batch' ? 'batch-push' : 'offline-push';
  const clock = { kind, subjectId: id, organisationCode: issuingBody, startedAt: closedAt } as const;
  const deadline = await openDeadline(house, tx, clock);
  // Of a declared batch the last of as many as were declared ends it.
  const last = arrived[(batchSize ?? 1) - 1];
  if (last && !isSheetBatch({ mode, source })) await meetDeadlines(house, tx, [id], last.createdAt);
  return { caseNumber, mode, closedAt: closedAt.toISOString(), dueAt: deadline.dueAt.toISOString() };
}

async function viewKnown(
  house: House,
  tx: Tx,
  { id, caseNumber, mode, closedAt }: Pick<CaseColumns, 'id' | 'caseNumber' | 'mode' | 'closedAt'>,
): Promise<CaseView> {
  const clock = (await findClocks(house, [id], tx)).get(id);
  return { caseNumber, mode, closedAt: closedAt.toISOString(), dueAt: clock?.dueAt.toISOString() ?? null };
}

/** The first so many that came, in their order; what was returned or taken back has not come. Held, so that one is waited for that is
 *  being written. */
function findArrived(
  house: House,
  tx: Tx,
  where: Readonly<Record<'issuingBody' | 'caseNumber' | 'catalogueCode', string>>,
  limit: number,
) {
  return readRows(house.db.rows.licences, {
    where: { ...where, state: { [Op.notIn]: ['returned', 'withdrawn'] } },
    attributes: ['id', 'createdAt'],
    order: [['id', 'ASC']],
    ...{ limit, tx, lock: true, by: 'licences_case' },
  });
}
