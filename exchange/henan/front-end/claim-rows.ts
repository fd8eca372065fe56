/** Claim rows that the department has laid down (sync_state 0): which acts they ask for is weighed against what is known of their
 *  keys, the acts are claimed in the companion, and what says nothing new is done at once. */
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndRow, MachinePass } from '../../front-end/profile.ts';
import { RECEIPTS } from '../../front-end/receipts.ts';
import { SYNC_STATES } from '../code-lists.ts';
import { toBeijingText } from '../days.ts';
import { marksOf } from '../marks.ts';
import { COMPANION, type HenanTable, keyOf } from '../tables.ts';
import {
  claimLines,
  confirmStatement,
  findNewestLines,
  LINE_STATES,
  type Line,
  lineName,
  supersedeStatement,
} from './companion.ts';
import { gatherKnown } from './gather-known.ts';
import type { HenanRow, PhysicalRow } from './henan-row.ts';
import { markMoved } from './mark-moved.ts';
import { readPhysical } from './read-physical.ts';
import { weighCatalogueRow } from './weigh-catalogue-row.ts';
import { weighLicenceRow } from './weigh-licence-row.ts';

/** A row with the acts that it asks for; none: it says what was said before, or what holds here already. */
export interface Weighed {
  readonly physical: PhysicalRow;
  readonly rows: readonly HenanRow[];
  /** It holds already, and its receipt says so. */
  readonly confirmed?: Line;
}

const MOST_CATALOGUE_ROWS = 20;
/** How far each pass has come in each table: it looks at every key once, so that a row which is overwritten again and again does
 *  not keep it. The next pass begins anew. */
const cursors = new WeakMap<MachinePass, Map<string, string>>();

export async function claimRows(pass: MachinePass, table: HenanTable, most: number): Promise<FrontEndRow[]> {
  const limit = table === 'hn_catalog_sync' ? Math.min(most, MOST_CATALOGUE_ROWS) : most;
  for (;;) {
    const keys = await findWaiting(pass, table, limit);
    if (keys.length === 0) return [];
    const rows = await claimKeys(pass, table, keys);
    if (rows.length > 0) return rows;
  }
}

/** Keys of rows that wait and are not claimed by another, after those that this pass has seen. */
async function findWaiting(pass: MachinePass, table: HenanTable, most: number): Promise<string[]> {
  const { connection } = pass;
  const cursor = cursors.get(pass) ?? new Map<string, string>();
  cursors.set(pass, cursor);
  const key = keyOf(table);
  const found = await connection.query(
    `SELECT ${columnList(connection.dialect, [key])} FROM ${table} WHERE sync_state = ${SYNC_STATES.waiting} AND ${key} > ?
     ORDER BY ${key} LIMIT ${most}`,
    [cursor.get(table) ?? ''],
  );
  const keys = found.map((row) => columnText(row[key]));
  const last = keys.at(-1);
  if (last === undefined) return [];
  cursor.set(table, last);
  return keys;
}

async function claimKeys(pass: MachinePass, table: HenanTable, all: readonly string[]): Promise<FrontEndRow[]> {
  const { connection, house, owner } = pass;
  const busy = await findBusy(pass, table, all);
  const keys = all.filter((key) => !busy.has(key));
  if (keys.length === 0) return [];
  const physical = await readPhysical(connection, table, keys);
  const known = await gatherKnown(pass, table, physical, await findNewestLines(connection, table, keys));
  const weighed: Weighed[] = [];
  for (const row of physical) {
    const weigh = table === 'hn_catalog_sync' ? weighCatalogueRow : weighLicenceRow;
    weighed.push(await weigh(pass, row, known));
  }
  await settleSilent(pass, table, weighed);
  const rows = weighed.flatMap((one) => one.rows);
  const lines = rows.map(({ physical: { key }, revision, operation, businessKey, payloadDigest }) => ({
    ...{ businessKey: key, revision, operation, subject: businessKey, digest: payloadDigest },
  }));
  const mine = await claimLines(connection, table, lines, owner, house.clock());
  const isMine = (row: HenanRow) => mine.has(lineName(row.physical.key, row.revision));
  const whole = weighed.filter((one) => one.rows.length > 0 && one.rows.every(isMine));
  const parted = weighed.filter((one) => one.rows.some(isMine) && !one.rows.every(isMine));
  await giveBackRows(
    pass,
    table,
    parted.flatMap((one) => one.rows.filter(isMine)),
  );
  await supersede(pass, table, whole);
  return whole.flatMap((one) => one.rows);
}

async function findBusy(
  { connection }: MachinePass,
  table: HenanTable,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await connection.query(
    `SELECT DISTINCT ${columnList(connection.dialect, ['business_key'])} FROM ${COMPANION}
     WHERE source_table = ? AND state = ${LINE_STATES.claimed} AND business_key IN (${marksOf(keys)})`,
    [table, ...keys],
  );
  return new Set(rows.map((row) => columnText(row.business_key)));
}

/** Rows that say nothing new are done: their receipts stand. */
async function settleSilent(pass: MachinePass, table: HenanTable, weighed: readonly Weighed[]): Promise<void> {
  const silent = weighed.filter(({ rows }) => rows.length === 0);
  if (silent.length === 0) return;
  const confirmed = silent.flatMap((one) => one.confirmed ?? []);
  await pass.connection.transaction([
    ...confirmed.map((line) => confirmStatement(pass.connection, table, line, pass.house.clock())),
    ...(await markMoved(
      pass.connection,
      table,
      silent.map(({ physical }) => physical),
      toBeijingText(pass.house.clock()),
    )),
  ]);
}

/** Lines that were given back and are not asked for any more. */
async function supersede(pass: MachinePass, table: HenanTable, weighed: readonly Weighed[]): Promise<void> {
  const keys = weighed.map(({ physical }) => physical.key);
  if (keys.length === 0) return;
  const { state, zh: text } = RECEIPTS.SUPERSEDED;
  const receipt = { state, code: 'SUPERSEDED', text };
  const [sql, parameters] = supersedeStatement(pass.connection, table, keys, receipt, pass.house.clock());
  await pass.connection.execute(sql, parameters);
}

/** Back to new; the cursor of the pass is past them. */
export async function giveBackRows(pass: MachinePass, table: HenanTable, rows: readonly HenanRow[]): Promise<void> {
  if (rows.length === 0) return;
  const any = rows.map(() => '(business_key = ? AND revision = ?)').join(' OR ');
  await pass.connection.execute(
    `UPDATE ${COMPANION} SET state = ${LINE_STATES.new}, claimed_at = NULL
     WHERE source_table = ? AND state = ${LINE_STATES.claimed} AND claimed_by = ? AND (${any})`,
    [table, pass.owner, ...rows.flatMap(({ physical, revision }) => [physical.key, revision])],
  );
}
