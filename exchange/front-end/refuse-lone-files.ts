/** Every row gets a receipt: a file in zk_file whose licence row never came, or was decided without it, is refused
 *  with a reason instead of lying there for ever. */
import { logRefusal } from '../../models/exchange-state/index.ts';
import { readInstant, type SqlRow } from './connection.ts';
import type { MachineContext } from './machine-context.ts';
import { readMark } from './read-row.ts';
import { makeLoneFileReceipt, receiptStatement } from './receipts.ts';
import { ROW_STATES } from './tables.ts';

const HOUR_MS = 3_600_000;
/** The licence row may be written in a later transaction, even the next working day. */
const GRACE_MS = 24 * HOUR_MS;
/** A refused licence is corrected by a person; its files wait for the new revision. */
const CORRECTION_MS = 7 * 24 * HOUR_MS;
const PAGE = 500;
/** Its licence row may still be replaced by one that takes the file. */
const OPEN_RECEIPTS: readonly unknown[] = ['AWAITING_REVIEW', 'AWAITING_SEAL'];

const NO_OPEN_LICENCE = `NOT EXISTS (SELECT 1 FROM zk_licence l WHERE l.business_key = zk_file.licence_key
  AND l.state IN (${ROW_STATES.new}, ${ROW_STATES.claimed}))`;
const ofNewestLicence = (column: string) =>
  `(SELECT l.${column} FROM zk_licence l WHERE l.business_key = zk_file.licence_key ORDER BY l.revision DESC, l.row_id DESC LIMIT 1)`;

/** To be called after the licences of the pass. How many were refused. */
export async function refuseLoneFiles(context: MachineContext): Promise<number> {
  const { connection, house } = context;
  let refused = 0;
  for (let after = 0; ; ) {
    const rows = await connection.query(
      `SELECT row_id, business_key, revision, operation, licence_key, pushed_at, ${ofNewestLicence('state')} AS licence_state,
       ${ofNewestLicence('receipt_code')} AS licence_receipt
       FROM zk_file WHERE state = ${ROW_STATES.new} AND row_id > ? AND ${NO_OPEN_LICENCE} ORDER BY row_id LIMIT ${PAGE}`,
      [after],
    );
    for (const row of rows) if (isLone(row, house.clock())) refused += await refuse(context, row);
    if (rows.length < PAGE) return refused;
    after = Number(rows.at(-1)?.row_id);
  }
}

function isLone(row: SqlRow, now: Date): boolean {
  const state = row.licence_state === null ? null : Number(row.licence_state);
  if (state === ROW_STATES.accepted && !OPEN_RECEIPTS.includes(row.licence_receipt)) return true;
  const pushedAt = readInstant(row.pushed_at);
  const grace = state === ROW_STATES.refused ? CORRECTION_MS : GRACE_MS;
  return pushedAt === null || now.getTime() - pushedAt.getTime() > grace;
}

/** Unless a licence row has come in this very moment. */
async function refuse({ connection, house, caller, machine }: MachineContext, row: SqlRow): Promise<number> {
  const mark = readMark(machine.name, 'zk_file', row);
  const receipt = makeLoneFileReceipt(String(row.licence_key ?? ''), row.licence_state !== null);
  const [sql, parameters] = receiptStatement(connection, 'zk_file', Number(mark.rowId), receipt, house.clock());
  const changed = await connection.execute(`${sql} AND state = ${ROW_STATES.new} AND ${NO_OPEN_LICENCE}`, parameters);
  if (changed > 0) await logRefusal(house, caller, mark, receipt);
  return changed;
}
