/** Lay rows down in the province's front-end tables. One statement a portion: a row that is not there is inserted, one that still
 *  waits is renewed in place, one that was moved waits again; whichever it is at that moment, so that nothing is lost and nothing is
 *  doubled when the province's task moves it just then. */
import type { FrontEndConnection, SqlStatement, SqlValue } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { ProvinceAway } from '../../province/connector.ts';
import { SYNC_STATES, toLicenceState } from '../code-lists.ts';
import { type HenanTable, keyOf } from '../tables.ts';
import type { Columns } from './compose-licence-row.ts';

export interface RowToWrite {
  readonly table: HenanTable;
  readonly columns: Columns;
  /** base64; undefined: the file that lies there stays. */
  readonly file: { readonly column: string; readonly base64: string } | undefined;
  /** Key of the row with the file before this one: it is no longer in force. */
  readonly replaces?: string | undefined;
}

/** Undefined when it was written; otherwise the code of what stood in its way. Throws `ProvinceAway`. */
export async function writeRows(
  connection: FrontEndConnection,
  rows: readonly RowToWrite[],
  now: string,
): Promise<(string | undefined)[]> {
  try {
    await connection.transaction(statementsFor(connection, rows, now));
    return rows.map(() => undefined);
  } catch (error) {
    if (!isAboutData(error)) throw new ProvinceAway({ detail: nameError(error), cause: error });
    if (rows.length === 1) return [nameError(error)];
  }
  // One of them is at fault; the others must not wait for it.
  const outcomes: (string | undefined)[] = [];
  for (const row of rows) outcomes.push(...(await writeRows(connection, [row], now)));
  return outcomes;
}

const ABOUT_DATA =
  /^ER_(DATA_|TRUNCATED_|WARN_DATA_|NET_PACKET_TOO_LARGE|BAD_NULL|WRONG_VALUE|INVALID_CHARACTER|CANNOT_CONVERT|DUP_ENTRY|NO_DEFAULT)/;

function isAboutData(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && (ABOUT_DATA.test(code) || code.startsWith('SQLITE_CONSTRAINT'));
}

function statementsFor(connection: FrontEndConnection, rows: readonly RowToWrite[], now: string): SqlStatement[] {
  const groups = new Map<string, RowToWrite[]>();
  for (const row of rows) {
    const name = `${row.table} ${row.file ? row.file.column : ''}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [
    ...[...groups.values()].map((group) => upsert(connection, group, now)),
    ...rows.flatMap((row) => (row.replaces ? [voidRow(row.replaces)] : [])),
  ];
}

function upsert({ dialect }: FrontEndConnection, rows: readonly RowToWrite[], now: string): SqlStatement {
  const [first] = rows;
  if (!first) throw new RangeError('no rows');
  const { table, file } = first;
  const key = keyOf(table);
  const given = [...Object.keys(first.columns), ...(file ? [file.column] : [])];
  const names = [...given, 'create_date', 'sync_state', 'sync_date'];
  const marks = `(${names.map(() => '?').join(', ')})`;
  // The date of making stays that of the first time.
  const changed = [...given.filter((name) => name !== key), 'sync_state', 'sync_date'];
  const ending =
    dialect === 'mysql'
      ? `ON DUPLICATE KEY UPDATE ${changed.map((name) => `${name} = VALUES(${name})`).join(', ')}`
      : `ON CONFLICT (${key}) DO UPDATE SET ${changed.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  const toBytes = (base64: string): SqlValue => (dialect === 'mysql' ? base64 : new Uint8Array(Buffer.from(base64)));
  const values = rows.flatMap((row): SqlValue[] => [
    ...Object.values(row.columns),
    ...(row.file ? [toBytes(row.file.base64)] : []),
    ...[now, SYNC_STATES.waiting, null],
  ]);
  return [`INSERT INTO ${table} (${names.join(', ')}) VALUES ${rows.map(() => marks).join(', ')} ${ending}`, values];
}

function voidRow(fileNumber: string): SqlStatement {
  return [
    `UPDATE hn_license_sync SET state = ${toLicenceState('superseded')}, sync_state = ${SYNC_STATES.waiting}, sync_date = NULL
     WHERE license_file_number = ?`,
    [fileNumber],
  ];
}
