/** A row of Henan's tables as it was read: its columns as text, and what tells later whether the department has changed it since. */
import type { SqlValue } from '../../front-end/connection.ts';
import type { FrontEndRow } from '../../front-end/profile.ts';

export interface PhysicalRow {
  /** Value of the primary key. */
  readonly key: string;
  /** Columns by name; what is empty or no UTF-8 is not in it. */
  readonly text: Readonly<Record<string, string>>;
  /** Columns whose bytes are no UTF-8. */
  readonly broken: readonly string[];
  /** SHA-256 and length of the column with the file, base64 as it lies there; null when the column is empty. */
  readonly file: { readonly sha256: string; readonly length: number } | null;
  readonly mark: ChangeMark;
}

/** MySQL: a digest that the server makes of the whole row. SQLite: the columns' bytes, and the digests of the large ones. */
export type ChangeMark =
  | { readonly kind: 'digest'; readonly digest: string }
  | {
      readonly kind: 'columns';
      readonly values: readonly (readonly [column: string, value: SqlValue])[];
      readonly large: readonly (readonly [column: string, sha256: string | null])[];
    };

export interface HenanRow extends FrontEndRow {
  readonly physical: PhysicalRow;
  /** Revision of the last act that this row asks for: with its answer the row is done. */
  readonly lastRevision: number;
}

export function asHenanRow(row: FrontEndRow): HenanRow {
  if (!('physical' in row)) throw new TypeError('a row of another profile');
  return row as HenanRow;
}
