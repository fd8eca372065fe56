/** Make the contract tables in a department's front-end database. What is there already stays as it is. */
import type { FrontEndConnection } from './connection.ts';
import { FRONT_END_TABLES, tableStatements } from './tables.ts';

export async function initFrontEnd(connection: FrontEndConnection): Promise<void> {
  for (const table of FRONT_END_TABLES) {
    for (const statement of tableStatements(connection.dialect, table)) await connection.execute(statement);
  }
}
