/** One way to declare a table's rows: a name and a kind for each column. Property names are camelCase, columns snake_case.
 *  The columns themselves are made by the migrations; this room only reads and writes them. */
import {
  DataTypes,
  type Model,
  type ModelAttributeColumnOptions,
  type ModelAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize';

/** key: primary key text · numberKey: primary key we number · sequence: numbered by the database · date: YYYY-MM-DD · instant: to the millisecond, UTC ·
 *  json: structured value kept as text, the same on every database. */
export type ColumnKind =
  | 'key'
  | 'numberKey'
  | 'sequence'
  | 'text'
  | 'longText'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'instant'
  | 'bytes'
  | 'json';

/** A row: its columns as properties, and Sequelize's `update`, `save`, `reload`. */
export type Row<Columns extends object> = Model<Columns, Partial<Columns>> & Columns;
export type Table<Columns extends object> = ModelStatic<Row<Columns>>;

export function defineTable<Columns extends object>(
  sequelize: Sequelize,
  name: string,
  kinds: Readonly<Record<keyof Columns, ColumnKind>>,
): Table<Columns> {
  const entries = Object.entries(kinds).map(([key, kind]) => [key, toColumn(kind as ColumnKind)]);
  const attributes = Object.fromEntries(entries) as ModelAttributes<Row<Columns>, Columns>;
  const table = sequelize.define<Row<Columns>, Columns>(name, attributes);
  if (!Object.values<ColumnKind>(kinds).some((kind) => /key|sequence/i.test(kind))) table.removeAttribute('id');
  declared.set(table, kinds);
  return table as Table<Columns>;
}

const declared = new WeakMap<object, Readonly<Record<string, ColumnKind>>>();

/** The columns as they were declared, for what reads and writes many rows at once. */
export function kindsOf<Columns extends object>(table: Table<Columns>): Readonly<Record<keyof Columns, ColumnKind>> {
  const kinds = declared.get(table);
  if (!kinds) throw new TypeError(`${table.name} was not declared by defineTable`);
  return kinds as Readonly<Record<keyof Columns, ColumnKind>>;
}

function toColumn(kind: ColumnKind): ModelAttributeColumnOptions {
  switch (kind) {
    case 'key':
      return { type: DataTypes.STRING, primaryKey: true };
    case 'numberKey':
      return { type: DataTypes.BIGINT, primaryKey: true, get: readInteger };
    case 'sequence':
      return { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true, get: readInteger };
    case 'text':
      return { type: DataTypes.STRING };
    case 'longText':
      return { type: DataTypes.TEXT('long') };
    case 'integer':
      return { type: DataTypes.BIGINT, get: readInteger };
    case 'boolean':
      return { type: DataTypes.BOOLEAN, get: readBoolean };
    case 'date':
      return { type: DataTypes.DATEONLY };
    case 'instant':
      return { type: DataTypes.DATE(3) };
    case 'bytes':
      return { type: DataTypes.BLOB('long') };
    case 'json':
      return { type: DataTypes.TEXT('long'), get: readJson, set: writeJson };
  }
}

type Values = Model<Record<string, unknown>, Record<string, unknown>>;

function readInteger(this: Values, key?: unknown): number | null {
  const value = this.getDataValue(String(key));
  return value === null || value === undefined ? null : Number(value);
}

function readBoolean(this: Values, key?: unknown): boolean | null {
  const value = this.getDataValue(String(key));
  return value === null || value === undefined ? null : Boolean(value);
}

function readJson(this: Values, key?: unknown): unknown {
  const value = this.getDataValue(String(key));
  return typeof value === 'string' ? JSON.parse(value) : (value ?? null);
}

function writeJson(this: Values, value: unknown, key?: unknown): void {
  this.setDataValue(String(key), value === null || value === undefined ? null : JSON.stringify(value));
}
