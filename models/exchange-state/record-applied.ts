/** What was applied of the front-end rows. The record is written in the transaction of its effect: both or neither. */
import { Op } from 'sequelize';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
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

export const RECEIPT_STATES = { accepted: 2, refused: 3 } as const;

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

export async function findApplied(house: House, mark: RowMark): Promise<AppliedRowColumns | undefined> {
  const row = await house.db.rows.appliedRows.findByPk(appliedId(mark));
  return row?.get();
}

/** To be called inside the transaction of the effect. Throws `AppliedMeanwhile`. */
export async function recordApplied(
  house: House,
  tx: Tx,
  caller: Caller,
  mark: RowMark,
  receipt: Receipt,
): Promise<void> {
  const { appliedRows } = house.db.rows;
  const id = appliedId(mark);
  const content = {
    revision: mark.revision,
    payloadDigest: mark.payloadDigest,
    receiptState: receipt.state,
    receiptCode: receipt.code,
    receiptText: receipt.text,
    licenceId: receipt.licenceId,
    appliedAt: house.clock(),
  };
  const known = await appliedRows.findByPk(id, { transaction: tx, lock: true });
  if (known && known.receiptState === RECEIPT_STATES.accepted && known.revision >= mark.revision)
    throw new AppliedMeanwhile();
  if (known) await known.update(content, { transaction: tx });
  else {
    await appliedRows.create({ id, ...content }, { transaction: tx }).catch((error: unknown) => {
      throw isDuplicate(error) ? new AppliedMeanwhile() : error;
    });
  }
  await appendAudit(house, tx, caller, {
    act: 'exchange.row',
    licenceId: receipt.licenceId,
    details: describeRow(mark, receipt),
  });
}

/** A refusal changes nothing; it is only told and logged. */
export async function logRefusal(house: House, caller: Caller, mark: RowMark, receipt: Receipt): Promise<void> {
  await logAccess(house, caller, {
    act: 'exchange.row',
    outcome: 'refused',
    licenceId: receipt.licenceId,
    details: describeRow(mark, receipt),
  });
}

function describeRow({ frontEnd, table, rowId, revision }: RowMark, { code }: Receipt) {
  return { frontEnd, table, rowId, revision, receiptCode: code };
}

/** The licence has come further since: the receipt that is kept follows. */
export async function updateReceipt(house: House, id: string, revision: number, receipt: Receipt): Promise<void> {
  const { appliedRows } = house.db.rows;
  const content = { receiptState: receipt.state, receiptCode: receipt.code, receiptText: receipt.text };
  // Most have not: then nothing is written, and nothing waits for the disk.
  if ((await appliedRows.count({ where: { id, revision, ...content } })) > 0) return;
  await withTransaction(house.db, (tx) => appliedRows.update(content, { where: { id, revision }, transaction: tx }));
}

/** Licences of a machine whose rows still wait for a person, with where they stand. */
export async function findAwaiting(
  house: House,
  frontEnd: string,
  codes: readonly string[],
): Promise<AppliedRowColumns[]> {
  const rows = await house.db.rows.appliedRows.findAll({
    // From `name/` up to, not including, `name0`: everything that begins with the machine's name.
    where: { id: { [Op.gte]: `${frontEnd}/`, [Op.lt]: `${frontEnd}0` }, receiptCode: { [Op.in]: [...codes] } },
    order: [['appliedAt', 'ASC']],
  });
  return rows.map((row) => row.get());
}
