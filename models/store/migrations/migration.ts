/** What a migration is made of: plain DDL in the words both databases share, with the few that differ filled in. */
import type { Sequelize, Transaction } from 'sequelize';
import type { Dialect } from '../database.ts';

export interface MigrationContext {
  readonly sequelize: Sequelize;
  readonly dialect: Dialect;
  /** What runs in it is kept together on SQLite; a server database keeps each change of tables by itself. */
  readonly transaction?: Transaction;
}

export interface Migration {
  readonly name: string;
  up(context: MigrationContext): Promise<void>;
}

interface TableDdl {
  readonly columns: readonly string[];
  /** Each `name(column, …)`; a leading `UNIQUE ` makes it unique. */
  readonly indexes?: readonly string[];
}

const TYPES: Record<Dialect, Record<string, string>> = {
  sqlite: {
    KEY: 'VARCHAR(255)',
    LONGTEXT: 'TEXT',
    BLOB: 'BLOB',
    INSTANT: 'DATETIME',
    SEQUENCE: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  },
  mysql: {
    KEY: 'VARCHAR(190)',
    LONGTEXT: 'LONGTEXT',
    BLOB: 'LONGBLOB',
    INSTANT: 'DATETIME(3)',
    SEQUENCE: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  },
};

/** Create a table and its indexes. Column words: KEY, SEQUENCE, TEXT(n), LONGTEXT, BLOB, INSTANT, DATE, BIGINT, BOOLEAN.
 *  Names and codes compare byte for byte (`utf8mb4_bin`). */
export async function createTable(
  { sequelize, dialect, transaction }: MigrationContext,
  name: string,
  ddl: TableDdl,
): Promise<void> {
  const columns = ddl.columns.map((line) =>
    line
      .replace(/(?<!PRIMARY )\b(KEY|LONGTEXT|BLOB|INSTANT|SEQUENCE)\b(?! *\()/, (word) => TYPES[dialect][word] ?? word)
      .replace(/\bTEXT\((\d+)\)/, 'VARCHAR($1)')
      .replace(/\bBOOLEAN\b/, 'TINYINT(1)'),
  );
  const options = transaction ? { transaction } : {};
  const suffix = dialect === 'mysql' ? ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin' : '';
  await sequelize.query(`CREATE TABLE ${name} (\n  ${columns.join(',\n  ')}\n)${suffix}`, options);
  for (const index of ddl.indexes ?? []) {
    const [, unique = '', indexName, list] = /^(UNIQUE )?(\w+)(\(.*\))$/.exec(index) ?? [];
    await sequelize.query(`CREATE ${unique}INDEX ${indexName} ON ${name} ${list}`, options);
  }
}
