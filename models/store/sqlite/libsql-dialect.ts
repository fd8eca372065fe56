/** Sequelize's SQLite dialect expects the callback interface of the `sqlite3` package. This room gives it that interface
 *  over `libsql`, which installs without a compiler. Statements run at once (the driver is synchronous). */
import Libsql from 'libsql';

type Callback = (this: { lastID: number; changes: number }, error: Error | null, rows?: unknown[]) => void;
type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

const BUSY_TIMEOUT_MS = 5000;
const STATEMENTS_KEPT = 200;
/** Longer ones carry their values and do not come again. */
const LONGEST_KEPT = 4000;

/** Of the driver's own errors, which Sequelize's carry as their `parent`. */
const STACK_FRAMES = 30;

function withStackTraces<T>(frames: number, act: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/** SQLite stores booleans as 0 and 1 and dates as text; the driver takes neither. A TEXT that is no UTF-8 would end the process that
 *  reads it. */
function toStored(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
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

/** An open connection with what it remembers. */
interface Handle {
  readonly database: Libsql.Database;
  readonly statements: Map<string, Statement>;
  readonly tableInfo: Map<string, unknown[]>;
}

/** Sequelize opens a connection for every transaction. Ended ones wait here, by file, for the next: opening again would
 *  also prepare every statement again. */
const idle = new Map<string, Handle[]>();

function takeHandle(filename: string): Handle {
  const waiting = idle.get(filename)?.pop();
  if (waiting) return waiting;
  const database = new Libsql(filename);
  database.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL`);
  return { database, statements: new Map(), tableInfo: new Map() };
}

class Database {
  readonly filename: string;
  /** Set by Sequelize for the connection of a transaction. */
  uuid: string | undefined;
  readonly #handle: Handle;

  constructor(filename: string, _mode: number, opened: (error: Error | null) => void) {
    this.filename = filename;
    this.#handle = takeHandle(filename);
    process.nextTick(opened, null);
  }

  /** Sequelize takes a stack trace here for every statement, in case it fails, and writes it out even when it does not. */
  serialize(act: () => void): void {
    withStackTraces(0, act);
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

  /** The connection of an ended transaction waits for the next; with the database's own all are closed. */
  close(callback?: (error: Error | null) => void): void {
    const waiting = idle.get(this.filename) ?? [];
    if (this.uuid && !this.#handle.database.inTransaction) {
      idle.set(this.filename, [...waiting, this.#handle]);
    } else {
      for (const { database } of this.uuid ? [] : waiting) database.close();
      if (!this.uuid) idle.delete(this.filename);
      this.#handle.database.close();
    }
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
      result = withStackTraces(STACK_FRAMES, () => this.#perform(sql, bound, rows, outcome));
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
    const known = isTableInfo ? this.#handle.tableInfo.get(sql) : undefined;
    if (known) return known;
    if (rows || statement.reader) {
      const result = statement.all(toBound(bound) as never).map(toRow);
      if (isTableInfo) this.#handle.tableInfo.set(sql, result);
      return result;
    }
    const { changes, lastInsertRowid } = statement.run(toBound(bound) as never);
    outcome.changes = changes;
    outcome.lastID = Number(lastInsertRowid);
    return [];
  }

  #prepare(sql: string): Statement {
    const known = this.#handle.statements.get(sql);
    if (known) return known;
    const statement = this.#handle.database.prepare(sql);
    if (/^\s*(CREATE|ALTER|DROP)\b/i.test(sql)) {
      for (const handle of [this.#handle, ...(idle.get(this.filename) ?? [])]) {
        handle.tableInfo.clear();
        handle.statements.clear();
      }
    } else if (this.#handle.statements.size < STATEMENTS_KEPT && sql.length < LONGEST_KEPT) {
      this.#handle.statements.set(sql, statement);
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
