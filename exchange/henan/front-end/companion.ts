/** zk_receipt, one line a revision: the claim of a row, and then its receipt. */
import { columnText } from '../../front-end/column-text.ts';
import {
  type FrontEndConnection,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
  toInstantText,
} from '../../front-end/connection.ts';
import { makeReceipt } from '../../front-end/receipts.ts';
import { marksOf } from '../marks.ts';
import { COMPANION, type HenanTable } from '../tables.ts';

export const LINE_STATES = { new: 0, claimed: 1, accepted: 2, refused: 3 } as const;

/** A line to be claimed. */
export interface Line {
  readonly businessKey: string;
  readonly revision: number;
  readonly operation: string;
  readonly subject: string;
  readonly digest: string;
}

export interface HeldLine extends Line {
  readonly state: number;
}

/** The newest line of each kind of act, for each of these keys. */
export async function findNewestLines(
  connection: FrontEndConnection,
  table: HenanTable,
  keys: readonly string[],
): Promise<HeldLine[]> {
  if (keys.length === 0) return [];
  const rows = await connection.query(
    `SELECT line.business_key, line.revision, line.operation, line.subject, line.row_digest, line.state FROM ${COMPANION} line
     JOIN (SELECT business_key, operation, MAX(revision) AS revision FROM ${COMPANION}
           WHERE source_table = ? AND business_key IN (${marksOf(keys)}) GROUP BY business_key, operation) newest
     ON newest.business_key = line.business_key AND newest.revision = line.revision WHERE line.source_table = ?`,
    [table, ...keys, table],
  );
  return rows.map(toLine);
}

function toLine(row: SqlRow): HeldLine {
  return {
    businessKey: columnText(row.business_key),
    revision: Number(row.revision),
    operation: columnText(row.operation),
    subject: columnText(row.subject),
    digest: columnText(row.row_digest),
    state: Number(row.state),
  };
}

const COLUMNS = 'source_table, business_key, revision, operation, subject, row_digest, state, claimed_by, claimed_at';

/** Claim these lines: new ones are written, those that were given back or refused are taken again. Of two who want the same one
 *  gets it. Those that are ours now, as `key revision`. */
export async function claimLines(
  connection: FrontEndConnection,
  table: HenanTable,
  lines: readonly Line[],
  owner: string,
  now: Date,
): Promise<ReadonlySet<string>> {
  if (lines.length === 0) return new Set();
  const at = toInstantText(connection.dialect, now);
  const ending =
    connection.dialect === 'mysql'
      ? 'ON DUPLICATE KEY UPDATE source_table = VALUES(source_table)'
      : 'ON CONFLICT DO NOTHING';
  const values = lines.flatMap(({ businessKey, revision, operation, subject, digest }): SqlValue[] => [
    ...[table, businessKey, revision, operation, subject, digest, LINE_STATES.claimed, owner, at],
  ]);
  await connection.execute(
    `INSERT INTO ${COMPANION} (${COLUMNS}) VALUES ${lines.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')} ${ending}`,
    values,
  );
  await connection.execute(
    `UPDATE ${COMPANION} SET state = ${LINE_STATES.claimed}, claimed_by = ?, claimed_at = ?
     WHERE source_table = ? AND state IN (${LINE_STATES.new}, ${LINE_STATES.refused}) AND ${anyOf(lines)}`,
    [owner, at, table, ...pairs(lines)],
  );
  const mine = await connection.query(
    `SELECT business_key, revision FROM ${COMPANION} WHERE source_table = ? AND state = ${LINE_STATES.claimed} AND claimed_by = ? AND ${anyOf(lines)}`,
    [table, owner, ...pairs(lines)],
  );
  return new Set(mine.map((row) => lineName(columnText(row.business_key), Number(row.revision))));
}

/** What a row says holds here already: accepted without an act. */
export function confirmStatement(
  connection: FrontEndConnection,
  table: HenanTable,
  { businessKey, revision, operation, subject, digest }: Line,
  now: Date,
): SqlStatement {
  const at = toInstantText(connection.dialect, now);
  const columns = ['state', 'receipt_code', 'receipt_text', 'receipt_at'];
  const ending =
    connection.dialect === 'mysql'
      ? `ON DUPLICATE KEY UPDATE ${columns.map((name) => `${name} = VALUES(${name})`).join(', ')}`
      : `ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  const { state, code, text } = makeReceipt('ACCEPTED', '与现行目录一致');
  return [
    `INSERT INTO ${COMPANION} (source_table, business_key, revision, operation, subject, row_digest, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${ending}`,
    [table, businessKey, revision, operation, subject, digest, state, code, text, at],
  ];
}

type Named = Pick<Line, 'businessKey' | 'revision'>;
export const lineName = (businessKey: string, revision: number): string => `${revision} ${businessKey}`;
export const anyOf = (lines: readonly Named[]): string =>
  `(${lines.map(() => '(business_key = ? AND revision = ?)').join(' OR ')})`;
export const pairs = (lines: readonly Named[]): SqlValue[] =>
  lines.flatMap(({ businessKey, revision }) => [businessKey, revision]);

/** Lines of these keys that nobody asks for any more: the row was overwritten before they were answered. */
export function supersedeStatement(
  connection: FrontEndConnection,
  table: HenanTable,
  keys: readonly string[],
  receipt: { readonly state: number; readonly code: string; readonly text: string },
  now: Date,
): SqlStatement {
  return [
    `UPDATE ${COMPANION} SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?
     WHERE source_table = ? AND state = ${LINE_STATES.new} AND business_key IN (${marksOf(keys)})`,
    [receipt.state, receipt.code, receipt.text, toInstantText(connection.dialect, now), table, ...keys],
  ];
}
