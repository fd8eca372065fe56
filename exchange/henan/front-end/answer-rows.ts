/** Receipts go to the companion; a row whose last act is answered is marked as moved (sync_state 1, sync_date), unless the department
 *  has overwritten it meanwhile: then it stays waiting and comes again as something new. */
import type { Receipt } from '../../../models/exchange-state/index.ts';
import { type SqlStatement, type SqlValue, toInstantText } from '../../front-end/connection.ts';
import type { FollowUp, Hint, MachinePass, RowAnswer } from '../../front-end/profile.ts';
import { AWAITING_SQL, makeReceipt } from '../../front-end/receipts.ts';
import { toBeijingText } from '../days.ts';
import { COMPANION, type HenanTable } from '../tables.ts';
import { LINE_STATES } from './companion.ts';
import { asHenanRow, type HenanRow, type PhysicalRow } from './henan-row.ts';
import { markMoved } from './mark-moved.ts';

/** Receipts of accepted rows that may still change. */
const OPEN = `state = ${LINE_STATES.accepted} AND receipt_code IN (${AWAITING_SQL})`;
const MINE = `state = ${LINE_STATES.claimed} AND claimed_by = ?`;

export async function answerRows(pass: MachinePass, answers: readonly RowAnswer[]): Promise<void> {
  const statements: SqlStatement[] = [];
  const moved = new Map<HenanTable, PhysicalRow[]>();
  for (const { row, receipt } of answers) {
    const { physical, lastRevision, revision } = asHenanRow(row);
    const table = row.table as HenanTable;
    statements.push(receiptStatement(pass, { table, key: physical.key, revision }, receipt, MINE, [pass.owner]));
    if (row.operation === 'upsert' && receipt.state === LINE_STATES.accepted && revision > 1)
      statements.push(replacedStatement(pass, table, physical.key, revision));
    if (revision === lastRevision) moved.set(table, [...(moved.get(table) ?? []), physical]);
  }
  const now = toBeijingText(pass.house.clock());
  for (const [table, rows] of moved) statements.push(...(await markMoved(pass.connection, table, rows, now)));
  await pass.connection.transaction(statements);
}

interface LineName {
  readonly table: string;
  readonly key: string;
  readonly revision: number;
}

function receiptStatement(
  { connection, house }: MachinePass,
  { table, key, revision }: LineName,
  receipt: Receipt,
  condition: string,
  parameters: readonly SqlValue[],
): SqlStatement {
  const identifier = receipt.identifier ? ', licence_identifier = ?' : '';
  const at = toInstantText(connection.dialect, house.clock());
  return [
    `UPDATE ${COMPANION} SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?${identifier}
     WHERE source_table = ? AND business_key = ? AND revision = ? AND ${condition}`,
    [
      ...[receipt.state, receipt.code, receipt.text, at],
      ...(receipt.identifier ? [receipt.identifier] : []),
      ...[table, key, revision, ...parameters],
    ],
  ];
}

/** The lines stay new; the hint tells the department what they wait for. */
export function hintStatements(
  pass: MachinePass,
  table: HenanTable,
  hints: readonly (readonly [row: HenanRow, hint: Hint])[],
): SqlStatement[] {
  const at = toInstantText(pass.connection.dialect, pass.house.clock());
  return hints.map(([{ physical, revision }, { code, text }]) => [
    `UPDATE ${COMPANION} SET receipt_code = ?, receipt_text = ?, receipt_at = ?
     WHERE source_table = ? AND business_key = ? AND revision = ? AND ${MINE}`,
    [code, text, at, table, physical.key, revision, pass.owner],
  ]);
}

/** Earlier revisions that waited for review were withdrawn when this one was stored. */
function replacedStatement({ connection, house }: MachinePass, table: string, key: string, by: number): SqlStatement {
  const { state, code, text } = makeReceipt('SUPERSEDED', `修订 ${by}`);
  return [
    `UPDATE ${COMPANION} SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?
     WHERE source_table = ? AND business_key = ? AND revision < ? AND ${OPEN}`,
    [state, code, text, toInstantText(connection.dialect, house.clock()), table, key, by],
  ];
}

/** Receipts of accepted rows that have come further since. */
export async function writeFollowUps(pass: MachinePass, receipts: readonly FollowUp[]): Promise<void> {
  if (receipts.length === 0) return;
  const { connection, house } = pass;
  const at = toInstantText(connection.dialect, house.clock());
  const statements = receipts.map(({ table, businessKey, revision, receipt }): SqlStatement => {
    const identifier = receipt.identifier ? ', licence_identifier = ?' : '';
    return [
      `UPDATE ${COMPANION} SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?${identifier}
       WHERE source_table = ? AND subject = ? AND revision = ? AND state = ${LINE_STATES.accepted}`,
      [
        ...[receipt.state, receipt.code, receipt.text, at],
        ...(receipt.identifier ? [receipt.identifier] : []),
        ...[table, businessKey, revision],
      ],
    ];
  });
  await connection.transaction(statements);
}
