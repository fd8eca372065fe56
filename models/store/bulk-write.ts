/** Write many rows with a handful of statements, the same way on both databases. Columns are named as in the rows' types; an
 *  absent one is left to the table's default. */
import { QueryTypes } from 'sequelize';
import { inPortions, toLiteral, toPlain } from './bulk-values.ts';
import type { Database } from './database.ts';
import { kindsOf, type Table } from './define-table.ts';
import type { Tx } from './with-transaction.ts';

/** All rows have the same columns: those of the first. Throws as a single insert does when a key is taken. */
export async function insertRows<Columns extends object>(
  db: Database,
  tx: Tx,
  table: Table<Columns>,
  rows: readonly Partial<Columns>[],
): Promise<void> {
  await write(db, tx, describe(table, rows), rows, '');
}

/** Rows whose key is there already are left out. */
export async function insertMissing<Columns extends object>(
  db: Database,
  tx: Tx,
  table: Table<Columns>,
  key: keyof Columns & string,
  rows: readonly Partial<Columns>[],
): Promise<void> {
  const target = describe(table, rows);
  const column = toColumn(key);
  const ending =
    db.dialect === 'mysql'
      ? ` ON DUPLICATE KEY UPDATE ${column} = ${target.name}.${column}`
      : ' ON CONFLICT DO NOTHING';
  await write(db, tx, target, rows, ending);
}

/** Insert, or give the row with this primary key the other columns' values. */
export async function putRows<Columns extends object>(
  db: Database,
  tx: Tx,
  table: Table<Columns>,
  key: keyof Columns & string,
  rows: readonly Partial<Columns>[],
  keep: readonly (keyof Columns & string)[] = [],
): Promise<void> {
  const target = describe(table, rows);
  const changed = target.keys
    .filter((name) => name !== key && !(keep as readonly string[]).includes(name))
    .map(toColumn);
  const ending =
    db.dialect === 'mysql'
      ? ` ON DUPLICATE KEY UPDATE ${changed.map((column) => `${column} = VALUES(${column})`).join(', ')}`
      : ` ON CONFLICT(${toColumn(key)}) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  await write(db, tx, target, rows, ending);
}

/** Give each row that is found by its key its own values in the other columns. Keys are each there once. */
export async function updateRows<Columns extends object>(
  db: Database,
  tx: Tx,
  table: Table<Columns>,
  key: keyof Columns & string,
  rows: readonly Partial<Columns>[],
): Promise<void> {
  const target = describe(table, rows);
  if (rows.length === 0) return;
  const id = toColumn(key);
  const changed = target.keys.filter((name) => name !== key).map(toColumn);
  if (db.dialect === 'sqlite') {
    const values = target.columns.map((column, index) => `value ->> ${index} AS ${column}`).join(', ');
    const set = changed.map((column) => `${column} = given.${column}`).join(', ');
    const sql = `UPDATE ${target.name} SET ${set} FROM (SELECT ${values} FROM json_each($rows)) AS given WHERE ${target.name}.${id} = given.${id}`;
    await db.sequelize.query(sql, { bind: { rows: toJson(target, rows) }, transaction: tx, type: QueryTypes.RAW });
    return;
  }
  const set = changed.map((column) => `kept.${column} = given.${column}`).join(', ');
  for (const given of givenRows(target, rows)) {
    const sql = `UPDATE ${given} STRAIGHT_JOIN ${target.name} AS kept ON kept.${id} = given.${id} SET ${set}`;
    await db.sequelize.query(sql, { transaction: tx, type: QueryTypes.RAW });
  }
}

/** The rows with these keys, each found by its key: no other row is looked at, so nobody who holds another is waited for. */
export async function deleteRows<Columns extends object>(
  db: Database,
  tx: Tx,
  table: Table<Columns>,
  key: keyof Columns & string,
  values: readonly string[],
): Promise<void> {
  if (values.length === 0) return;
  const rows = values.map((value) => ({ [key]: value }) as Partial<Columns>);
  const target = describe(table, rows);
  const id = toColumn(key);
  if (db.dialect === 'sqlite') {
    const sql = `DELETE FROM ${target.name} WHERE ${id} IN (SELECT value ->> 0 FROM json_each($rows))`;
    await db.sequelize.query(sql, { bind: { rows: toJson(target, rows) }, transaction: tx, type: QueryTypes.RAW });
    return;
  }
  for (const given of givenRows(target, rows)) {
    const sql = `DELETE kept FROM ${given} STRAIGHT_JOIN ${target.name} AS kept ON kept.${id} = given.${id}`;
    await db.sequelize.query(sql, { transaction: tx, type: QueryTypes.RAW });
  }
}

/** As the first table of a join: each of the others is found by its key, never the other way round. */
function* givenRows(target: Target, rows: readonly object[]): Generator<string> {
  // The first row names the columns; it is none of them.
  const names = `SELECT ${target.columns.map((column) => `NULL AS ${column}`).join(', ')} FROM DUAL WHERE FALSE`;
  for (const portion of inPortions(rows.map((row) => toLiterals(target, row).join(', '))))
    yield `(${[names, ...portion.map((list) => `SELECT ${list}`)].join(' UNION ALL ')}) AS given`;
}

interface Target {
  readonly name: string;
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  readonly kinds: readonly Parameters<typeof toPlain>[0][];
}

function describe<Columns extends object>(table: Table<Columns>, rows: readonly Partial<Columns>[]): Target {
  const kinds = kindsOf(table);
  const keys = Object.keys(rows[0] ?? {}) as (keyof Columns & string)[];
  return {
    name: String(table.getTableName()),
    keys,
    columns: keys.map(toColumn),
    kinds: keys.map((key) => kinds[key]),
  };
}

/** camelCase → snake_case, as the tables are made. */
function toColumn(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toLiterals({ keys, kinds }: Target, row: object): string[] {
  const values = row as Readonly<Record<string, unknown>>;
  return keys.map((key, index) => toLiteral(toPlain(kinds[index] ?? 'text', values[key], 'mysql')));
}

function toJson({ keys, kinds, name }: Target, rows: readonly object[]): string {
  const lists = (rows as readonly Readonly<Record<string, unknown>>[]).map((row) =>
    keys.map((key, index) => {
      const plain = toPlain(kinds[index] ?? 'text', row[key], 'sqlite');
      if (plain instanceof Uint8Array) throw new TypeError(`${name}.${key} holds bytes, which travel one by one`);
      return plain;
    }),
  );
  return JSON.stringify(lists);
}

async function write(db: Database, tx: Tx, target: Target, rows: readonly object[], ending: string): Promise<void> {
  if (rows.length === 0) return;
  const into = `INSERT INTO ${target.name} (${target.columns.join(', ')})`;
  if (db.dialect === 'sqlite') {
    const values = target.columns.map((_, index) => `value ->> ${index}`).join(', ');
    // `WHERE true`: without it ON CONFLICT would be read as a join.
    const sql = `${into} SELECT ${values} FROM json_each($rows) WHERE true${ending}`;
    await db.sequelize.query(sql, { bind: { rows: toJson(target, rows) }, transaction: tx, type: QueryTypes.RAW });
    return;
  }
  for (const portion of inPortions(rows.map((row) => `(${toLiterals(target, row).join(', ')})`))) {
    const sql = `${into} VALUES ${portion.join(', ')}${ending}`;
    await db.sequelize.query(sql, { transaction: tx, type: QueryTypes.RAW });
  }
}
