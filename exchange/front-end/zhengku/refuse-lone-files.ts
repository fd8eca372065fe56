/** Every row gets a receipt: a file in zk_file whose licence row never came, or was decided without it, is refused
 *  with a reason instead of lying there for ever. */
import { logRefusals } from '../../../models/exchange-state/index.ts';
import { columnList, columnText } from '../column-text.ts';
import { readInstant, type SqlRow, toInstantText } from '../connection.ts';
import type { MachinePass } from '../profile.ts';
import { AWAITING, makeLoneFileReceipt } from '../receipts.ts';
import { readRow } from './read-row.ts';
import { receiptStatements } from './receipt-statements.ts';
import { ROW_STATES } from './tables.ts';

const HOUR_MS = 3_600_000;
/** The licence row may be written in a later transaction, even the next working day. */
const GRACE_MS = 24 * HOUR_MS;
/** A refused licence is corrected by a person; its files wait for the new revision. */
const CORRECTION_MS = 7 * 24 * HOUR_MS;
const PAGE = 500;
/** Its licence row may still be replaced by one that takes the file. */
const OPEN_RECEIPTS: readonly unknown[] = AWAITING;

const NO_OPEN_LICENCE = `NOT EXISTS (SELECT 1 FROM zk_licence l WHERE l.business_key = zk_file.licence_key
  AND l.state IN (${ROW_STATES.new}, ${ROW_STATES.claimed}))`;
const ofNewestLicence = (column: string) =>
  `(SELECT l.${column} FROM zk_licence l WHERE l.business_key = zk_file.licence_key ORDER BY l.revision DESC, l.row_id DESC LIMIT 1)`;

/** To be called after the licences of the pass. How many were refused. */
export async function refuseLoneFiles(pass: MachinePass): Promise<number> {
  const { connection, house } = pass;
  const columns = ['business_key', 'revision', 'operation', 'licence_key', 'pushed_at'];
  let refused = 0;
  for (let after = 0; ; ) {
    const rows = await connection.query(
      `SELECT row_id, ${columnList(connection.dialect, columns)}, ${ofNewestLicence('state')} AS licence_state,
       ${ofNewestLicence('receipt_code')} AS licence_receipt
       FROM zk_file WHERE state = ${ROW_STATES.new} AND row_id > ? AND ${NO_OPEN_LICENCE} ORDER BY row_id LIMIT ${PAGE}`,
      [after],
    );
    const lone = rows.filter((row) => isLone(row, house.clock()));
    if (lone.length > 0) refused += await refuse(pass, lone);
    if (rows.length < PAGE) return refused;
    after = Number(rows.at(-1)?.row_id);
  }
}

function isLone(row: SqlRow, now: Date): boolean {
  const state = row.licence_state === null ? null : Number(row.licence_state);
  if (state === ROW_STATES.accepted && !OPEN_RECEIPTS.includes(row.licence_receipt)) return true;
  const pushedAt = readInstant(columnText(row.pushed_at));
  const grace = state === ROW_STATES.refused ? CORRECTION_MS : GRACE_MS;
  return pushedAt === null || now.getTime() - pushedAt.getTime() > grace;
}

/** Unless a licence row has come in this very moment. Logged first: what is answered was logged. */
async function refuse({ connection, house, caller, machine }: MachinePass, rows: readonly SqlRow[]): Promise<number> {
  const refusals = rows.map((row) => ({
    mark: readRow(machine.name, 'zk_file', row),
    receipt: makeLoneFileReceipt(columnText(row.licence_key), row.licence_state !== null),
  }));
  await logRefusals(house, caller, refusals);
  const receipts = refusals.map(({ mark, receipt }) => ({ rowId: Number(mark.rowId), receipt }));
  const at = toInstantText(connection.dialect, house.clock());
  const guard = `state = ${ROW_STATES.new} AND ${NO_OPEN_LICENCE}`;
  await connection.transaction(receiptStatements('zk_file', receipts, at, guard, []));
  return refusals.length;
}
