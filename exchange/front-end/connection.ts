/** A department's front-end database (前置库), SQLite or MySQL, behind the little that the exchange needs of it. */
import { openMysqlFrontEnd } from './mysql-connection.ts';
import { openSqliteFrontEnd } from './sqlite-connection.ts';

export type FrontEndDialect = 'sqlite' | 'mysql';
export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, unknown>>;
export type SqlStatement = readonly [sql: string, parameters: readonly SqlValue[]];

export interface FrontEndConnection {
  readonly dialect: FrontEndDialect;
  query(sql: string, parameters?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** How many rows were changed. */
  execute(sql: string, parameters?: readonly SqlValue[]): Promise<number>;
  /** All statements or none. */
  transaction(statements: readonly SqlStatement[]): Promise<void>;
  close(): Promise<void>;
}

/** How long a department's database may keep us waiting, milliseconds. */
export interface Patience {
  readonly connectMs: number;
  /** For one statement; then its connection is given up, so that nothing queues behind it. */
  readonly statementMs: number;
}

export const PATIENCE: Patience = { connectMs: 5000, statementMs: 20_000 };

export interface OpenOptions {
  readonly create?: boolean;
  readonly patience?: Patience;
}

/** Open `sqlite:FILE` or `mysql://…`. MySQL connects with the first statement; a SQLite file must be there unless `create`. */
export function openFrontEnd(url: string, options: OpenOptions = {}): FrontEndConnection {
  if (url.startsWith('sqlite:')) return openSqliteFrontEnd(url.slice('sqlite:'.length), options);
  return openMysqlFrontEnd(url, options.patience ?? PATIENCE);
}

/** An instant as the engine's columns take it, UTC. */
export function toInstantText(dialect: FrontEndDialect, at: Date): string {
  return dialect === 'mysql' ? at.toISOString().replace('T', ' ').replace('Z', '') : at.toISOString();
}

/** An instant of a column, whichever way it is written; null when there is none or it is not one. */
export function readInstant(value: unknown): Date | null {
  if (typeof value !== 'string' || value === '') return null;
  const text = value.replace(' ', 'T');
  const instant = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
