/** A database as an earlier version left it: only some of the migrations have run. */
import { instantText } from '../../models/store/bulk-values.ts';
import { type Database, openDatabase } from '../../models/store/database.ts';
import type { Migration } from '../../models/store/migrations/migration.ts';

export interface EarlierDatabase {
  readonly db: Database;
  run(sql: string, replacements?: readonly unknown[]): Promise<unknown>;
  /** How the engine writes an instant, given as ISO 8601 text. */
  text(at: string): string;
}

/** @param migrations with what was changed later left as it was; `migrate` runs all others */
export async function openEarlierDatabase(url: string, migrations: readonly Migration[]): Promise<EarlierDatabase> {
  const db = openDatabase(url);
  const { sequelize, dialect } = db;
  const run = (sql: string, replacements: readonly unknown[] = []) =>
    sequelize.query(sql, { replacements: [...replacements] });
  await run('CREATE TABLE migrations (name VARCHAR(190) NOT NULL PRIMARY KEY)');
  for (const { name, up } of migrations) {
    await up({ sequelize, dialect });
    await run('INSERT INTO migrations (name) VALUES (?)', [name]);
  }
  return { db, run, text: (at) => instantText(new Date(at), dialect) };
}
