/** Sequelize's SQLite dialect expects the callback interface of the `sqlite3` package. This room gives it that interface
 *  over `libsql`, which installs without a compiler. Statements run at once (the driver is synchronous). */
import Libsql from 'libsql';

type Callback = (this: { lastID: number; changes: number }, error: Error | null, rows?: unknown[]) => void;
type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

const BUSY_TIMEOUT_MS = 5000;
const STATEMENTS_KEPT = 200;

/** SQLite stores booleans as 0 and 1 and dates as text; the driver takes neither. */
function toStored(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** Sequelize binds by `$name`; the driver wants `name`. */
function toBound(parameters: Parameters): unknown {
  if (Array.isArray(parameters)) return parameters.map(toStored);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key.replace(/^[$:@]/, ''), toStored(value)]),
  );
}

function toRow(row: unknown): unknown {
  if (row === null || typeof row !== 'object') return row;
  const record = row as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value instanceof ArrayBuffer) record[key] = Buffer.from(value);
  }
  return record;
}

type Statement = Libsql.Statement<unknown[]>;

class Database {
  readonly filename: string;
  /** Set by Sequelize for the connection of a transaction. */
  uuid: string | undefined;
  readonly #database: Libsql.Database;
  readonly #statements = new Map<string, Statement>();
  readonly #tableInfo = new Map<string, unknown[]>();

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename;
    this.#database = new Libsql(filename);
    this.#database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL`);
    process.nextTick(opened, null);
  }

  serialize(act: () => void): void {
    act();
  }

  run(sql: string, parameters?: Parameters | Callback, callback?: Callback): this {
    return this.#execute(sql, parameters, callback, false);
  }

  all(sql: string, parameters?: Parameters | Callback, callback?: Callback): this {
    return this.#execute(sql, parameters, callback, true);
  }

  exec(sql: string, callback?: Callback): this {
    return this.#execute(sql, [], callback, false);
  }

  close(callback?: (error: Error | null) => void): void {
    this.#statements.clear();
    this.#database.close();
    callback?.(null);
  }

  #execute(
    sql: string,
    parameters: Parameters | Callback | undefined,
    callback: Callback | undefined,
    rows: boolean,
  ): this {
    const done = typeof parameters === 'function' ? parameters : callback;
    const bound = typeof parameters === 'function' || parameters === undefined ? [] : parameters;
    const outcome = { lastID: 0, changes: 0 };
    let result: unknown[] = [];
    try {
      result = this.#perform(sql, bound, rows, outcome);
    } catch (error) {
      if (!done) throw error;
      done.call(outcome, error as Error);
      return this;
    }
    done?.call(outcome, null, result);
    return this;
  }

  #perform(sql: string, bound: Parameters, rows: boolean, outcome: { lastID: number; changes: number }): unknown[] {
    const statement = this.#prepare(sql);
    // Sequelize asks for the columns before every read; they change only with the schema.
    const isTableInfo = sql.startsWith('PRAGMA table_info');
    const known = isTableInfo ? this.#tableInfo.get(sql) : undefined;
    if (known) return known;
    if (rows || statement.reader) {
      const result = statement.all(toBound(bound) as never).map(toRow);
      if (isTableInfo) this.#tableInfo.set(sql, result);
      return result;
    }
    const { changes, lastInsertRowid } = statement.run(toBound(bound) as never);
    outcome.changes = changes;
    outcome.lastID = Number(lastInsertRowid);
    return [];
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    if (/^\s*(CREATE|ALTER|DROP)\b/i.test(sql)) {
      this.#tableInfo.clear();
      this.#statements.clear();
    } else if (this.#statements.size < STATEMENTS_KEPT) {
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** What Sequelize takes as `dialectModule`. */
export const libsqlDialect = {
  OPEN_READONLY: 1,
  OPEN_READWRITE: 2,
  OPEN_CREATE: 4,
  Database,
} as const;
