/** Write the answer into the row, and into what belongs to it: the files of a licence, and earlier revisions that the row
 *  has replaced. All in one transaction of the department's database. */
import type { Receipt } from '../../models/exchange-state/index.ts';
import type { SqlStatement } from './connection.ts';
import { toInstantText } from './connection.ts';
import type { MachineContext } from './machine-context.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt, receiptStatement, WAITING_FOR_FILES } from './receipts.ts';
import { ROW_STATES } from './tables.ts';

export async function writeAnswer(
  context: MachineContext,
  row: FrontEndRow,
  receipt: Receipt,
  aboutFiles: boolean,
): Promise<void> {
  const { connection, house } = context;
  const now = house.clock();
  const statements: SqlStatement[] = [receiptStatement(connection, row.table, Number(row.rowId), receipt, now)];
  if (row.table === 'zk_licence' && row.operation === 'upsert') {
    if (aboutFiles && Number(row.payload.sealed_files ?? 0) > 0)
      statements.push(...(await answerFiles(context, row, receipt, now)));
    if (receipt.state === ROW_STATES.accepted) statements.push(answerReplaced(context, row, now));
  }
  await connection.transaction(statements);
}

/** The newest file of each format has the licence's fate; what it replaced is told so. */
async function answerFiles(
  { connection }: MachineContext,
  row: FrontEndRow,
  receipt: Receipt,
  now: Date,
): Promise<SqlStatement[]> {
  const files = await connection.query(
    `SELECT row_id, format FROM zk_file WHERE licence_key = ? AND state IN (${ROW_STATES.new}, ${ROW_STATES.claimed}) ORDER BY revision DESC, row_id DESC`,
    [row.businessKey],
  );
  const seen = new Set<unknown>();
  return files.map((file) => {
    const own = seen.has(file.format) ? makeReceipt('SUPERSEDED') : receipt;
    seen.add(file.format);
    return receiptStatement(connection, 'zk_file', Number(file.row_id), own, now);
  });
}

function answerReplaced({ connection }: MachineContext, row: FrontEndRow, now: Date): SqlStatement {
  const { state, code, text } = makeReceipt('SUPERSEDED', `修订 ${row.revision}`);
  return [
    `UPDATE zk_licence SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?
     WHERE business_key = ? AND revision < ? AND state = ${ROW_STATES.accepted} AND receipt_code IN ('AWAITING_REVIEW', 'AWAITING_SEAL')`,
    [state, code, text, toInstantText(connection.dialect, now), row.businessKey, row.revision],
  ];
}

/** The row stays new; the hint tells the department what is still missing. */
export async function writeHint({ connection, house }: MachineContext, row: FrontEndRow, hint: string): Promise<void> {
  await connection.execute(
    'UPDATE zk_licence SET receipt_code = ?, receipt_text = ?, receipt_at = ? WHERE row_id = ?',
    [WAITING_FOR_FILES, hint, toInstantText(connection.dialect, house.clock()), row.rowId],
  );
}
