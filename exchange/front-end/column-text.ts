/** Text of columns that others have written. SQLite keeps any bytes in a text column, and its driver ends the whole process at
 *  the first that is not UTF-8; so there every column is asked for as bytes and decoded here, strictly. */
import type { FrontEndDialect } from './connection.ts';

/** Bytes that are no UTF-8 (GBK, say), where a text should be. */
export class BrokenText {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** The columns of a SELECT list, each under its own name.
 *  @param prefix of the columns, with its dot */
export function columnList(dialect: FrontEndDialect, names: readonly string[], prefix = ''): string {
  if (dialect === 'mysql') return names.map((name) => `${prefix}${name}`).join(', ');
  return names.map((name) => `CAST(${prefix}${name} AS BLOB) AS ${name}`).join(', ');
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** A value of such a column: text as text, whatever the column's type; other values as they are. */
export function readColumn(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value ?? null;
  try {
    return decoder.decode(value);
  } catch {
    return new BrokenText(value);
  }
}

/** As text, for keys and other words of ours; what is broken is shown by its bytes. */
export function columnText(value: unknown): string {
  const read = readColumn(value);
  if (read instanceof BrokenText) return `0x${Buffer.from(read.bytes).toString('hex')}`.slice(0, 190);
  return read === null ? '' : String(read);
}
