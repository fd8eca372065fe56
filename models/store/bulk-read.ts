/** Read many rows without making an object with acts of each: what a batch looks up before it decides. */
import { type FindOptions, IndexHints, type Order, type WhereOptions } from 'sequelize';
import { readInstant } from './bulk-values.ts';
import { type ColumnKind, kindsOf, type Table } from './define-table.ts';
import type { Tx } from './with-transaction.ts';

export interface ReadOptions<Columns extends object> {
  readonly where: WhereOptions<Columns>;
  readonly order?: Order;
  readonly limit?: number;
  readonly attributes?: readonly (keyof Columns & string)[];
  readonly tx?: Tx | undefined;
  /** Hold the rows until the transaction ends. Give an order, so that all who hold several take them alike. */
  readonly lock?: boolean;
  /** The index by which a server finds them (MySQL protocol). Named where rows are held: by another way it would stop at rows that
   *  others hold and nobody asked for. */
  readonly by?: string;
}

/** @returns plain rows; only the attributes asked for are in them */
export async function readRows<Columns extends object>(
  table: Table<Columns>,
  { where, order, limit, attributes, tx, lock, by }: ReadOptions<Columns>,
): Promise<Columns[]> {
  const options: FindOptions<Columns> = {
    where,
    raw: true,
    ...(order ? { order } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(attributes ? { attributes: [...attributes] } : {}),
    ...(tx ? { transaction: tx } : {}),
    ...(lock ? { lock: true } : {}),
    ...(by ? { indexHints: [{ type: IndexHints.FORCE, values: [by] }] } : {}),
  };
  const rows = (await table.findAll(options as FindOptions)) as unknown as Record<string, unknown>[];
  const decoders = Object.entries<ColumnKind>(kindsOf(table)).flatMap(([key, kind]) => {
    const decode = DECODERS[kind];
    return decode ? [[key, decode] as const] : [];
  });
  for (const row of rows) {
    for (const [key, decode] of decoders) {
      const value = row[key];
      if (value !== null && value !== undefined) row[key] = decode(value);
    }
  }
  return rows as Columns[];
}

const DECODERS: Readonly<Partial<Record<ColumnKind, (value: unknown) => unknown>>> = {
  json: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  boolean: Boolean,
  integer: Number,
  numberKey: Number,
  sequence: Number,
  // SQLite keeps text: 2026-03-02 01:02:03.456 +00:00
  instant: readInstant,
};
