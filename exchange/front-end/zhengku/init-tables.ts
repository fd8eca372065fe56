/** Make the contract tables in a department's front-end database. What is there already stays as it is. */
import type { FrontEndConnection } from '../connection.ts';
import { ADDED_COLUMNS, FRONT_END_TABLES, tableStatements } from './tables.ts';

export async function initTables(connection: FrontEndConnection): Promise<void> {
  for (const table of FRONT_END_TABLES) {
    for (const statement of tableStatements(connection.dialect, table)) await connection.execute(statement);
  }
  for (const [table, column, type] of ADDED_COLUMNS) {
    if (!(await hasColumn(connection, table, column))) {
      await connection.execute(`ALTER TABLE ${table} ADD COLUMN ${column} ${type} NULL`);
    }
  }
}

/** @param column or several, with commas: are all of them there? */
export function hasColumn(connection: FrontEndConnection, table: string, column: string): Promise<boolean> {
  return connection.query(`SELECT ${column} FROM ${table} WHERE 1 = 0`).then(
    () => true,
    () => false,
  );
}
