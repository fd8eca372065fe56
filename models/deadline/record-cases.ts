/** Write down cases that were closed and start their clocks, set-based, however many. The first notice of a case and catalogue entry
 *  counts; a repeated one changes nothing. A case that brings licences of several types (联合验收) has a notice and a clock for each. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { groupBy } from '../kernel/group-by.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ClosingNotice } from './closing-notice.ts';
import { findClocks } from './find-clocks.ts';
import { findCases, isSheetBatch, keyOf } from './meet-cases.ts';
import { meetByArrival, meetDeadlines, openDeadlines } from './open-deadline.ts';
import { type CaseColumns, NOT_WITHDRAWN } from './rows.ts';

export interface CaseView {
  readonly caseNumber: string;
  readonly mode: CaseColumns['mode'];
  readonly closedAt: string;
  readonly dueAt: string | null;
}

export interface RecordedCase extends CaseView {
  /** Nobody had given notice of it. */
  readonly fresh: boolean;
}

/** In the order of the notices. @param source where they came from */
export async function recordCases(
  house: House,
  tx: Tx,
  issuingBody: string,
  notices: readonly ClosingNotice[],
  source: string,
): Promise<RecordedCase[]> {
  if (notices.length === 0) return [];
  const rows = notices.map((notice) => composeCase(house, issuingBody, notice, source));
  await insertMissing(house.db, tx, house.db.rows.cases, 'id', rows);
  const known = await findCases(house, tx, rows);
  const fresh = rows.filter((row) => known.get(keyOf(row))?.id === row.id);
  await startClocks(house, tx, fresh);
  const clocks = await findClocks(
    house,
    [...known.values()].map(({ id }) => id),
    tx,
  );
  const isFresh = new Set(fresh.map(({ id }) => id));
  return rows.map((row) => {
    const { id, caseNumber, mode, closedAt } = known.get(keyOf(row)) ?? row;
    const dueAt = clocks.get(id)?.dueAt.toISOString() ?? null;
    return { caseNumber, mode, closedAt: closedAt.toISOString(), dueAt, fresh: isFresh.has(row.id) };
  });
}

function composeCase(
  house: House,
  issuingBody: string,
  { caseNumber, catalogueCode, mode, offlineReason, batchSize, closedAt }: ClosingNotice,
  source: string,
): CaseColumns {
  const said = { offlineReason: offlineReason ?? null, batchSize: batchSize ?? null, arrived: null };
  const facts = { caseNumber, issuingBody, catalogueCode, mode, ...said, source };
  const times = { closedAt: new Date(closedAt), noticedAt: house.clock() };
  return { id: house.newId(), ...facts, ...times, licenceId: null, ...NOT_WITHDRAWN };
}

/** A licence may have come before its notice: then its arrival ends the clock. Looked for when the cases are there, so that of a
 *  licence and a notice that come at once either finds the other. */
async function startClocks(house: House, tx: Tx, cases: readonly CaseColumns[]): Promise<void> {
  const arrived = await findArrived(house, tx, cases);
  const links = cases.flatMap((row) => {
    const [first] = arrived.get(keyOf(row)) ?? [];
    return first ? [{ id: row.id, licenceId: first.id }] : [];
  });
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
  const timed = cases.filter(({ mode }) => mode !== 'online');
  const clocks = timed.map(({ id, mode, issuingBody, closedAt }) => ({
    ...{ kind: mode === 'batch' ? ('batch-push' as const) : ('offline-push' as const), subjectId: id },
    ...{ organisationCode: issuingBody, startedAt: closedAt },
  }));
  if (clocks.length > 0) await openDeadlines(house, tx, clocks);
  const linked = new Set(links.map(({ id }) => id));
  const single = timed.filter((row) => linked.has(row.id) && (row.batchSize ?? 1) === 1 && !isSheetBatch(row));
  await meetByArrival(
    house,
    tx,
    single.map(({ id }) => id),
  );
  // Of a declared batch the last of as many as were declared ends it.
  for (const row of timed.filter(({ batchSize }) => (batchSize ?? 1) > 1)) {
    const last = arrived.get(keyOf(row))?.[(row.batchSize ?? 1) - 1];
    if (last) await meetDeadlines(house, tx, [row.id], last.createdAt);
  }
}

/** By `keyOf`, in the order in which they came; what was returned or taken back has not come. Held, so that one is waited for that is
 *  being written. */
async function findArrived(house: House, tx: Tx, cases: readonly CaseColumns[]) {
  const [first] = cases;
  if (!first) return new Map<string, never>();
  const rows = await readRows(house.db.rows.licences, {
    where: {
      issuingBody: first.issuingBody,
      caseNumber: { [Op.in]: [...new Set(cases.map(({ caseNumber }) => caseNumber))] },
      catalogueCode: { [Op.in]: [...new Set(cases.map(({ catalogueCode }) => catalogueCode))] },
      state: { [Op.notIn]: ['returned', 'withdrawn'] },
    },
    attributes: ['id', 'createdAt', 'issuingBody', 'caseNumber', 'catalogueCode'],
    order: [['id', 'ASC']],
    ...{ tx, lock: true, by: 'licences_case' },
  });
  return groupBy(rows, keyOf);
}
