/** What was applied of the front-end rows. The record is written in the transaction of its effect: both or neither. */
import { Op } from 'sequelize';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import { isDuplicate, type Tx, withTransaction } from '../store/with-transaction.ts';
import type { AppliedRowColumns } from './rows.ts';

/** Which row of which machine. */
export interface RowMark {
  readonly frontEnd: string;
  readonly table: string;
  readonly businessKey: string;
  /** The table's own name for the row. */
  readonly rowId: number | string;
  readonly revision: number;
  /** SM3 of the payload. */
  readonly payloadDigest: string;
}

export interface Receipt {
  readonly state: 2 | 3;
  readonly code: string;
  /** Chinese, for the department's clerk. */
  readonly text: string;
  readonly licenceId: string | null;
  readonly identifier?: string | null;
}

/** Another process applied the same row between our look and our transaction: nothing of ours is kept. */
export class AppliedMeanwhile extends Error {
  override readonly name = 'AppliedMeanwhile';
}

export function appliedId(mark: Pick<RowMark, 'frontEnd' | 'table' | 'businessKey'>): string {
  return `${mark.frontEnd}/${mark.table}/${mark.businessKey}`;
}

/** What is kept of each, by `appliedId`. */
export async function findApplied(
  house: House,
  marks: readonly Pick<RowMark, 'frontEnd' | 'table' | 'businessKey'>[],
): Promise<ReadonlyMap<string, AppliedRowColumns>> {
  const where = { id: { [Op.in]: [...new Set(marks.map(appliedId))] } };
  const rows = marks.length > 0 ? await readRows(house.db.rows.appliedRows, { where }) : [];
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of each licence the row of this table that was applied to it last, by licence. */
export async function findLastApplied(
  house: House,
  { frontEnd, table }: Pick<RowMark, 'frontEnd' | 'table'>,
  licenceIds: readonly string[],
): Promise<ReadonlyMap<string, AppliedRowColumns>> {
  const where = { licenceId: { [Op.in]: [...licenceIds] } };
  const rows = await readRows(house.db.rows.appliedRows, { where, order: [['appliedAt', 'ASC']] });
  const own = rows.filter(({ id }) => id.startsWith(appliedId({ frontEnd, table, businessKey: '' })));
  return new Map(own.map((row) => [row.licenceId ?? '', row]));
}

/** The machine from which each of these licences was changed last. */
export async function nameMachines(house: House, licenceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (licenceIds.length === 0) return new Map();
  const where = { licenceId: { [Op.in]: [...licenceIds] } };
  const rows = await readRows(house.db.rows.appliedRows, { where, order: [['appliedAt', 'ASC']] });
  return new Map(rows.map(({ licenceId, id }) => [licenceId ?? '', id.slice(0, id.indexOf('/'))]));
}

export interface AppliedRow {
  readonly mark: RowMark;
  readonly receipt: Receipt;
}

/** To be called inside the transaction of the effects, each key once. Throws `AppliedMeanwhile`: then none is kept. */
export async function recordApplied(
  house: House,
  tx: Tx,
  caller: Caller,
  applied: readonly AppliedRow[],
): Promise<void> {
  const { appliedRows } = house.db.rows;
  const ids = applied.map(({ mark }) => appliedId(mark));
  const options = { where: { id: { [Op.in]: ids } }, order: [['id', 'ASC'] as [string, string]], tx, lock: true };
  const known = new Map((await readRows(appliedRows, options)).map((row) => [row.id, row]));
  for (const { mark } of applied) {
    const row = known.get(appliedId(mark));
    if (row && row.revision >= mark.revision) throw new AppliedMeanwhile();
  }
  const contents = applied.map(({ mark, receipt }) =>
    describeApplied(house, mark, receipt, known.get(appliedId(mark))),
  );
  try {
    await insertRows(
      house.db,
      tx,
      appliedRows,
      contents.filter(({ id }) => !known.has(id)),
    );
  } catch (error) {
    throw isDuplicate(error) ? new AppliedMeanwhile() : error;
  }
  await updateRows(
    house.db,
    tx,
    appliedRows,
    'id',
    contents.filter(({ id }) => known.has(id)),
  );
  await appendAudits(
    house,
    tx,
    caller,
    applied.map(({ mark, receipt }) => describeEntry(mark, receipt, 'done')),
  );
}

function describeApplied(
  house: House,
  mark: RowMark,
  receipt: Receipt,
  before: AppliedRowColumns | undefined,
): AppliedRowColumns {
  return {
    id: appliedId(mark),
    revision: mark.revision,
    payloadDigest: mark.payloadDigest,
    receiptState: receipt.state,
    receiptCode: receipt.code,
    receiptText: receipt.text,
    licenceId: receipt.licenceId,
    appliedAt: house.clock(),
    refusedSince: refusedSince(house, receipt, before),
  };
}

/** The first of its refusals, since which none of its revisions was taken. */
function refusedSince(house: House, { state }: Receipt, before: AppliedRowColumns | undefined): Date | null {
  return state === 3 ? (before?.refusedSince ?? house.clock()) : null;
}

/** Refusals change nothing; they are only told and logged. Throws `AUDIT_UNAVAILABLE`. */
export async function logRefusals(house: House, caller: Caller, refused: readonly AppliedRow[]): Promise<void> {
  if (refused.length === 0) return;
  const entries = refused.map(({ mark, receipt }) => describeEntry(mark, receipt, 'refused'));
  try {
    await withTransaction(house.db, (tx) => appendAudits(house, tx, caller, entries));
  } catch (cause) {
    throw new Fault('AUDIT_UNAVAILABLE', { cause });
  }
}

function describeEntry(mark: RowMark, receipt: Receipt, outcome: 'done' | 'refused'): AuditFacts {
  const { licenceId } = receipt;
  return { act: 'exchange.row', outcome, licenceId, details: describeRow(mark, receipt) };
}

function describeRow({ frontEnd, table, rowId, revision }: RowMark, { code }: Receipt) {
  return { frontEnd, table, rowId, revision, receiptCode: code };
}

/** Licences have come further since: the receipts that are kept follow. */
export async function updateReceipts(
  house: House,
  changed: readonly { readonly id: string; readonly revision: number; readonly receipt: Receipt }[],
): Promise<void> {
  if (changed.length === 0) return;
  const { appliedRows } = house.db.rows;
  const known = await readRows(appliedRows, { where: { id: { [Op.in]: changed.map(({ id }) => id) } } });
  const keptOf = new Map(known.map((row) => [row.id, row]));
  const rows = changed.flatMap(({ id, revision, receipt }) => {
    const kept = keptOf.get(id);
    const isSame = kept?.receiptCode === receipt.code && kept.receiptText === receipt.text;
    // Most have not moved: then nothing is written, and nothing waits for the disk.
    if (kept?.revision !== revision || isSame) return [];
    const told = { receiptState: receipt.state, receiptCode: receipt.code, receiptText: receipt.text };
    return [{ id, ...told, refusedSince: refusedSince(house, receipt, kept) }];
  });
  if (rows.length > 0) await withTransaction(house.db, (tx) => updateRows(house.db, tx, appliedRows, 'id', rows));
}

/** Licences of a machine whose rows still wait for a person, with where they stand, a page at a time.
 *  @param after the last id of the page before, or the empty text */
export async function findAwaiting(
  house: House,
  frontEnd: string,
  codes: readonly string[],
  after: string,
  limit: number,
): Promise<AppliedRowColumns[]> {
  const from = after === '' ? { [Op.gte]: `${frontEnd}/` } : { [Op.gt]: after };
  return readRows(house.db.rows.appliedRows, {
    // From `name/` up to, not including, `name0`: everything that begins with the machine's name.
    where: { receiptCode: { [Op.in]: [...codes] }, id: { ...from, [Op.lt]: `${frontEnd}0` } },
    order: [['id', 'ASC']],
    limit,
  });
}

/** How many there are. */
export async function countAwaiting(house: House, frontEnd: string, codes: readonly string[]): Promise<number> {
  return house.db.rows.appliedRows.count({
    where: { receiptCode: { [Op.in]: [...codes] }, id: { [Op.gte]: `${frontEnd}/`, [Op.lt]: `${frontEnd}0` } },
  });
}
