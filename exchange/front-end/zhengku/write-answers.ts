/** Write the answers of many rows, and of what belongs to them: the files of licences, and earlier revisions that a row has
 *  replaced. All in one transaction of the department's database, in few statements. */
import type { Receipt } from '../../../models/exchange-state/index.ts';
import { type SqlStatement, toInstantText } from '../connection.ts';
import { groupBy } from '../group-by.ts';
import type { FollowUp, FrontEndRow, Hint, MachinePass, RowAnswer } from '../profile.ts';
import { AWAITING_SQL, makeReceipt } from '../receipts.ts';
import { listFileRows } from './files.ts';
import { type RowReceipt, receiptStatements } from './receipt-statements.ts';
import { ROW_STATES } from './tables.ts';

/** Receipts of accepted rows that may still change. */
const OPEN = `state = ${ROW_STATES.accepted} AND receipt_code IN (${AWAITING_SQL})`;

export async function writeAnswers(pass: MachinePass, answers: readonly RowAnswer[]): Promise<void> {
  const byTable = new Map<string, RowReceipt[]>();
  const add = (table: string, receipts: readonly RowReceipt[]) =>
    byTable.set(table, [...(byTable.get(table) ?? []), ...receipts]);
  for (const { row, receipt } of answers) add(row.table, [{ rowId: Number(row.rowId), receipt }]);
  const upserts = answers.filter(({ row }) => row.table === 'zk_licence' && row.operation === 'upsert');
  const mine = `state = ${ROW_STATES.claimed} AND claimed_by = ?`;
  const at = toInstantText(pass.connection.dialect, pass.house.clock());
  const statements: SqlStatement[] = [];
  // A row that is no longer ours (table emptied and numbers used again, lease over) must not get another's receipt.
  for (const [table, receipts] of byTable)
    statements.push(...receiptStatements(table, receipts, at, mine, [pass.owner]));
  const files = await answerFiles(pass, upserts);
  const open = `state IN (${ROW_STATES.new}, ${ROW_STATES.claimed})`;
  statements.push(...receiptStatements('zk_file', files, at, open, []));
  statements.push(...receiptStatements('zk_licence', await answerReplaced(pass, upserts), at, OPEN, []));
  await pass.connection.transaction(statements);
}

/** A file that was used has the licence's fate, and what it replaced is told so; a newer one came meanwhile and stays. */
async function answerFiles(pass: MachinePass, answers: readonly RowAnswer[]): Promise<RowReceipt[]> {
  const concerned = answers.filter(({ row, files }) => row.sealed && files !== 'none');
  const fates = new Map(concerned.map((answer) => [answer.row.businessKey, answer]));
  const seen = new Set<string>();
  const superseded = makeReceipt('SUPERSEDED');
  const rows = await listFileRows(pass, [...fates.keys()]);
  return rows.flatMap(({ rowId, licenceKey, format }) => {
    const fate = fates.get(licenceKey);
    if (!fate) return [];
    const key = JSON.stringify([licenceKey, format]);
    if (seen.has(key)) return [{ rowId, receipt: superseded }];
    if (typeof fate.files === 'object' && !fate.files.used.some(({ at }) => at === rowId)) return [];
    seen.add(key);
    return [{ rowId, receipt: fate.receipt }];
  });
}

async function answerReplaced({ connection }: MachinePass, answers: readonly RowAnswer[]): Promise<RowReceipt[]> {
  const accepted = answers.filter(({ row, receipt }) => receipt.state === ROW_STATES.accepted && row.revision > 1);
  if (accepted.length === 0) return [];
  const newest = new Map<string, FrontEndRow>();
  for (const { row } of accepted) {
    const known = newest.get(row.businessKey);
    if (!known || known.revision < row.revision) newest.set(row.businessKey, row);
  }
  const keys = [...newest.keys()];
  const older = await connection.query(
    `SELECT row_id, business_key, revision FROM zk_licence WHERE business_key IN (${keys.map(() => '?').join(', ')}) AND ${OPEN}`,
    keys,
  );
  return older.flatMap((row) => {
    const by = newest.get(String(row.business_key));
    const isReplaced = by && Number(row.revision) < by.revision;
    return isReplaced ? [{ rowId: Number(row.row_id), receipt: makeReceipt('SUPERSEDED', `修订 ${by.revision}`) }] : [];
  });
}

/** Receipts of accepted rows that have come further since. */
export async function writeFollowUps(pass: MachinePass, receipts: readonly FollowUp[]): Promise<void> {
  const { connection } = pass;
  const at = toInstantText(connection.dialect, pass.house.clock());
  const statements: SqlStatement[] = [];
  for (const [table, some] of groupBy(receipts, (one) => one.table)) {
    const wanted = new Map<string, Receipt>(some.map((one) => [`${one.revision} ${one.businessKey}`, one.receipt]));
    const rows = await connection.query(
      `SELECT row_id, business_key, revision FROM ${table} WHERE state = ${ROW_STATES.accepted} AND business_key IN (${some.map(() => '?').join(', ')})`,
      some.map(({ businessKey }) => businessKey),
    );
    const found = rows.flatMap((row): RowReceipt[] => {
      const receipt = wanted.get(`${Number(row.revision)} ${String(row.business_key)}`);
      return receipt ? [{ rowId: Number(row.row_id), receipt }] : [];
    });
    statements.push(...receiptStatements(table, found, at, `state = ${ROW_STATES.accepted}`, []));
  }
  if (statements.length > 0) await connection.transaction(statements);
}

/** The rows stay new; the hint tells the department what is still missing. */
export function hintStatements(pass: MachinePass, table: string, hints: ReadonlyMap<number, Hint>): SqlStatement[] {
  const at = toInstantText(pass.connection.dialect, pass.house.clock());
  const byText = groupBy(hints, ([, { code, text }]) => JSON.stringify([code, text]));
  return [...byText.values()].map((rows) => [
    `UPDATE ${table} SET receipt_code = ?, receipt_text = ?, receipt_at = ? WHERE state = ${ROW_STATES.claimed} AND claimed_by = ?
     AND row_id IN (${rows.map(([rowId]) => rowId).join(', ')})`,
    [rows[0]?.[1].code ?? '', rows[0]?.[1].text ?? '', at, pass.owner],
  ]);
}
