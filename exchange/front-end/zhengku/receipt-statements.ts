/** The statements that write many receipts: rows with the same words share one, and what differs comes by CASE, a hundred rows
 *  at a time, so that every engine down to MySQL 5.7 takes it. */
import type { Receipt } from '../../../models/exchange-state/index.ts';
import type { SqlStatement, SqlValue } from '../connection.ts';
import { groupBy } from '../group-by.ts';

export interface RowReceipt {
  readonly rowId: number;
  readonly receipt: Receipt;
}

const CHUNK = 100;

/** @param guard SQL that the row must still fulfil @param parameters of the guard */
export function receiptStatements(
  table: string,
  receipts: readonly RowReceipt[],
  at: string,
  guard: string,
  parameters: readonly SqlValue[],
): SqlStatement[] {
  const isLicence = table === 'zk_licence';
  const alike = groupBy(receipts, ({ receipt }) =>
    JSON.stringify([receipt.state, receipt.code, isLicence && Boolean(receipt.identifier)]),
  );
  const statements: SqlStatement[] = [];
  for (const group of alike.values()) {
    for (let from = 0; from < group.length; from += CHUNK) {
      statements.push(writeChunk(table, group.slice(from, from + CHUNK), at, guard, parameters, isLicence));
    }
  }
  return statements;
}

function writeChunk(
  table: string,
  rows: readonly RowReceipt[],
  at: string,
  guard: string,
  parameters: readonly SqlValue[],
  isLicence: boolean,
): SqlStatement {
  const [first] = rows;
  if (!first) throw new RangeError('no rows');
  const text = byRow(rows, ({ receipt }) => receipt.text);
  const identifier =
    isLicence && first.receipt.identifier ? byRow(rows, ({ receipt }) => receipt.identifier ?? null) : undefined;
  const { state, code } = first.receipt;
  return [
    `UPDATE ${table} SET state = ?, receipt_code = ?, receipt_at = ?, receipt_text = ${text.sql}${
      identifier ? `, licence_identifier = ${identifier.sql}` : ''
    } WHERE row_id IN (${rows.map(({ rowId }) => rowId).join(', ')}) AND ${guard}`,
    [state, code, at, ...text.parameters, ...(identifier?.parameters ?? []), ...parameters],
  ];
}

/** One value when all are the same, else a CASE over the rows. */
function byRow(rows: readonly RowReceipt[], pick: (row: RowReceipt) => string | null) {
  const values = rows.map(pick);
  if (new Set(values).size === 1) return { sql: '?', parameters: [values[0] ?? null] };
  return {
    sql: `CASE row_id ${rows.map(({ rowId }) => `WHEN ${rowId} THEN ?`).join(' ')} END`,
    parameters: values,
  };
}
