/** Values of many rows as the database takes them: literals for a MySQL-protocol server, one JSON text for SQLite, so that a
 *  statement there is the same however many rows it carries. Instants and structured values are written as single rows have them. */
import { escape as escapeText } from 'mysql2';
import type { ColumnKind } from './define-table.ts';

/** What a column holds, as the driver of either database would be given it. */
type Plain = string | number | null | Uint8Array;

export function toPlain(kind: ColumnKind, value: unknown, dialect: 'sqlite' | 'mysql'): Plain {
  if (value === null || value === undefined) return null;
  // Well-formed of itself: half a surrogate pair stands in it as six plain characters.
  if (kind === 'json') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return instantText(value, dialect);
  // SQLite's JSON functions would make text of half a surrogate pair that is no UTF-8; nobody could read the row.
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new TypeError(`a ${kind} column cannot hold ${typeof value}`);
}

/** An instant as the rows hold it, to the millisecond. Sequelize writes one among the replacements of a statement without them. */
export function instantText(instant: Date, dialect: 'sqlite' | 'mysql'): string {
  const text = instant.toISOString().replace('T', ' ').replace('Z', '');
  return dialect === 'sqlite' ? `${text} +00:00` : text;
}

/** An instant that a raw statement gave: a server gives a Date, SQLite the text that it keeps. */
export function readInstant(value: unknown): Date {
  return value instanceof Date ? value : new Date(String(value).replace(' ', 'T').replace(' +00:00', 'Z'));
}

/** For a MySQL-protocol server. */
export function toLiteral(value: Plain): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  return `X'${Buffer.from(value).toString('hex')}'`;
}

const MOST_ROWS = 1000;
/** Well below the packet that a server takes by default. */
const MOST_CHARACTERS = 2_000_000;

/** Rows of literals in portions that one statement can carry. */
export function* inPortions(rows: readonly string[]): Generator<readonly string[]> {
  let portion: string[] = [];
  let size = 0;
  for (const row of rows) {
    if (portion.length > 0 && (portion.length >= MOST_ROWS || size + row.length > MOST_CHARACTERS)) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(row);
    size += row.length;
  }
  if (portion.length > 0) yield portion;
}
