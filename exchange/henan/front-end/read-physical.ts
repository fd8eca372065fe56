/** Read rows of Henan's tables by their keys, with a mark that tells later whether they were changed meanwhile. Files stay where
 *  they are; of them only length and digest are read. */
import { createHash } from 'node:crypto';
import { BrokenText, columnList, columnText, readColumn } from '../../front-end/column-text.ts';
import type { FrontEndConnection, SqlRow, SqlValue } from '../../front-end/connection.ts';
import { marksOf } from '../marks.ts';
import { columnsOf, type HenanTable, keyOf } from '../tables.ts';
import type { ChangeMark, PhysicalRow } from './henan-row.ts';

/** Columns that may be large; the first is the file of a licence. */
const LARGE: Readonly<Record<string, readonly string[]>> = {
  hn_license_sync: ['license_file', 'license_base_image'],
  hn_catalog_sync: ['license_base_image'],
  hn_catalog_release: ['license_base_image'],
};

const smallColumns = (table: HenanTable) => columnsOf(table).filter((name) => !LARGE[table]?.includes(name));
/** What the exchange itself writes says nothing of a change. */
const watched = (table: HenanTable) =>
  smallColumns(table).filter((name) => !['sync_state', 'sync_date'].includes(name));

/** MySQL: one digest over the whole row, made by the server. */
export function rowDigest(table: HenanTable): string {
  const small = watched(table).map((name) => `COALESCE(${name}, CHAR(1))`);
  const large = (LARGE[table] ?? []).map((name) => `COALESCE(SHA2(${name}, 256), CHAR(1))`);
  return `SHA2(CONCAT_WS(CHAR(31), ${[...small, ...large].join(', ')}), 256)`;
}

export async function readPhysical(
  connection: FrontEndConnection,
  table: HenanTable,
  keys: readonly string[],
): Promise<PhysicalRow[]> {
  if (keys.length === 0) return [];
  const small = smallColumns(table);
  const [file] = LARGE[table] ?? [];
  const mysql = connection.dialect === 'mysql';
  const extra = mysql
    ? `, LENGTH(${file}) AS file_length, SHA2(${file}, 256) AS file_sha, ${rowDigest(table)} AS row_mark`
    : '';
  const rows = await connection.query(
    `SELECT ${columnList(connection.dialect, small)}${extra} FROM ${table} WHERE ${keyOf(table)} IN (${marksOf(keys)})`,
    keys,
  );
  const read: PhysicalRow[] = [];
  for (const row of rows) read.push(await toPhysical(connection, table, row));
  return read;
}

async function toPhysical(connection: FrontEndConnection, table: HenanTable, row: SqlRow): Promise<PhysicalRow> {
  const text: Record<string, string> = {};
  const broken: string[] = [];
  for (const name of smallColumns(table)) {
    const value = readColumn(row[name]);
    if (value instanceof BrokenText) broken.push(name);
    else if (value !== null && String(value) !== '') text[name] = String(value);
  }
  const key = columnText(row[keyOf(table)]);
  const large = connection.dialect === 'mysql' ? [] : await digestLarge(connection, table, key);
  const mark: ChangeMark =
    connection.dialect === 'mysql'
      ? { kind: 'digest', digest: String(row.row_mark) }
      : {
          kind: 'columns',
          values: watched(table).map((name) => [name, (row[name] ?? null) as SqlValue]),
          large: large.map(({ name, sha256 }) => [name, sha256]),
        };
  const file =
    connection.dialect === 'mysql'
      ? { sha256: String(row.file_sha ?? ''), length: Number(row.file_length ?? 0) }
      : { sha256: large[0]?.sha256 ?? '', length: large[0]?.length ?? 0 };
  // An empty column, or a word that stands for nothing.
  return { key, text, broken, file: file.length > SHORTEST_FILE ? file : null, mark };
}

/** Fewer bytes are no file: `无`, `null`. */
const SHORTEST_FILE = 16;

async function digestLarge(connection: FrontEndConnection, table: HenanTable, key: string) {
  const digests: { name: string; sha256: string | null; length: number }[] = [];
  for (const name of LARGE[table] ?? []) {
    const bytes = await readLarge(connection, table, name, key);
    digests.push({ name, sha256: bytes ? sha256Hex(bytes) : null, length: bytes?.length ?? 0 });
  }
  return digests;
}

/** The bytes of a large column as they lie there. */
export async function readLarge(
  connection: FrontEndConnection,
  table: HenanTable,
  column: string,
  key: string,
): Promise<Uint8Array | undefined> {
  const [row] = await connection.query(
    `SELECT CAST(${column} AS ${connection.dialect === 'mysql' ? 'BINARY' : 'BLOB'}) AS bytes FROM ${table} WHERE ${keyOf(table)} = ?`,
    [key],
  );
  return row?.bytes instanceof Uint8Array ? row.bytes : undefined;
}

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
