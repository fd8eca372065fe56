/** Take new rows by their state, never by “id greater than last”: rows of long transactions become visible out of order and
 *  would be lost. A claim names its process and pass; claims of the dead and of the stuck are given back. */
import { isDeadOwner, processOwner } from '../../models/kernel/process-owner.ts';
import { type FrontEndConnection, readInstant, type SqlRow, toInstantText } from './connection.ts';
import { type FrontEndTable, ROW_STATES } from './tables.ts';

/** Longer than the work on any batch. */
const STUCK_AFTER_MS = 5 * 60_000;
const BATCH_ROWS = 100;
/** Together with the rows that share their keys. */
const MOST_ROWS = 500;

export interface Claimer {
  readonly connection: FrontEndConnection;
  /** Process and pass, as it is written into claimed_by. */
  readonly owner: string;
  readonly now: Date;
}

const running = new Set<string>();

/** The claimer's name for one pass. While the pass runs its claims are not given back. */
export function beginClaims(passId: string): string {
  const owner = `${processOwner()}#${passId}`;
  running.add(owner);
  return owner;
}

export function endClaims(owner: string): void {
  running.delete(owner);
}

/** A dead process, or a pass of this process that has ended without its rows (the machine went away under it). */
function isAbandoned(owner: string): boolean {
  const [process = ''] = owner.split('#');
  return isDeadOwner(process) || (process === processOwner() && !running.has(owner));
}

/** Give back claims whose process or pass is gone, and those older than five minutes. How many. */
export async function releaseClaims({ connection, now }: Claimer, table: FrontEndTable): Promise<number> {
  const rows = await connection.query(
    `SELECT DISTINCT claimed_by, claimed_at FROM ${table} WHERE state = ${ROW_STATES.claimed}`,
  );
  let released = 0;
  for (const row of rows) {
    const owner = typeof row.claimed_by === 'string' ? row.claimed_by : '';
    const since = readInstant(row.claimed_at);
    const held = since !== null && now.getTime() - since.getTime() <= STUCK_AFTER_MS && !isAbandoned(owner);
    if (held) continue;
    const same = owner ? 'claimed_by = ?' : '(claimed_by IS NULL OR claimed_by = ?)';
    const written = typeof row.claimed_at === 'string' ? row.claimed_at : null;
    const at = written === null ? 'claimed_at IS NULL' : 'claimed_at = ?';
    const parameters = written === null ? [owner] : [owner, written];
    released += await connection.execute(
      `UPDATE ${table} SET state = ${ROW_STATES.new}, claimed_by = NULL, claimed_at = NULL WHERE state = ${ROW_STATES.claimed} AND ${same} AND ${at}`,
      parameters,
    );
  }
  return released;
}

/** Claim the next rows that this pass has not looked at yet, and every further new row of their keys, so that revisions
 *  are judged in order. Rows of a key that another pass is working on are left to later. */
export async function claimRows(claimer: Claimer, table: FrontEndTable): Promise<readonly SqlRow[]> {
  const { connection, owner, now } = claimer;
  const unseen = `state = ${ROW_STATES.new} AND (claimed_by IS NULL OR claimed_by <> ?)`;
  const first = await connection.query(
    `SELECT row_id, business_key FROM ${table} WHERE ${unseen} ORDER BY row_id LIMIT ${BATCH_ROWS}`,
    [owner],
  );
  if (first.length === 0) return [];
  const keys = [...new Set(first.map((row) => String(row.business_key)))];
  const all = await connection.query(
    `SELECT row_id FROM ${table} WHERE ${unseen} AND business_key IN (${keys.map(() => '?').join(', ')}) ORDER BY business_key, revision, row_id LIMIT ${MOST_ROWS}`,
    [owner, ...keys],
  );
  const ids = all.map((row) => Number(row.row_id));
  if (ids.length === 0) return [];
  await connection.execute(
    `UPDATE ${table} SET state = ${ROW_STATES.claimed}, claimed_by = ?, claimed_at = ? WHERE state = ${ROW_STATES.new} AND row_id IN (${ids.join(', ')})`,
    [owner, toInstantText(connection.dialect, now)],
  );
  await leaveToOthers(claimer, table);
  return connection.query(
    `SELECT * FROM ${table} WHERE state = ${ROW_STATES.claimed} AND claimed_by = ? ORDER BY row_id`,
    [owner],
  );
}

/** Two passes may have split the rows of one key between them: then this one gives its part back. */
async function leaveToOthers({ connection, owner }: Claimer, table: FrontEndTable): Promise<void> {
  const mine = await connection.query(
    `SELECT mine.row_id FROM ${table} mine JOIN ${table} other ON other.business_key = mine.business_key
     WHERE mine.state = ${ROW_STATES.claimed} AND mine.claimed_by = ? AND other.state = ${ROW_STATES.claimed} AND other.claimed_by <> ?`,
    [owner, owner],
  );
  await putBack(
    connection,
    table,
    mine.map((row) => Number(row.row_id)),
  );
}

/** Back to new. `claimed_by` stays, so that this pass does not take them a second time. */
export async function putBack(
  connection: FrontEndConnection,
  table: FrontEndTable,
  rowIds: readonly number[],
): Promise<void> {
  if (rowIds.length === 0) return;
  await connection.execute(
    `UPDATE ${table} SET state = ${ROW_STATES.new}, claimed_at = NULL WHERE state = ${ROW_STATES.claimed} AND row_id IN (${rowIds.join(', ')})`,
  );
}
