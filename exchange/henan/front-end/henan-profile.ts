/** The profile of Henan's front-end tables: a department lays rows down as for the province, claims and receipts stand in a companion
 *  table, and the rows themselves are only marked as moved. */
import type { FrontEndProfile } from '../../front-end/profile.ts';
import { COMPANION, columnsOf, HENAN_TABLES, type HenanTable, tableStatements } from '../tables.ts';
import { answerCatalogue } from './answer-catalogue.ts';
import { answerRows, hintStatements, writeFollowUps } from './answer-rows.ts';
import { claimRows, giveBackRows } from './claim-rows.ts';
import { listFiles, readFiles, streamFile } from './files.ts';
import { grantStatements } from './grants.ts';
import { asHenanRow } from './henan-row.ts';
import { measureTables } from './measure-tables.ts';
import { nameColumn } from './name-columns.ts';
import { hasOpen, releaseClaims, renewClaims } from './release-claims.ts';

export const henanProfile: FrontEndProfile = {
  name: 'henan',
  tableNames: [...HENAN_TABLES, COMPANION],
  tables: [
    { name: 'hn_catalog_sync', kind: 'catalogue' },
    { name: 'hn_license_sync', kind: 'licence' },
  ],
  statesBasis: false,
  async init(connection) {
    for (const table of [...HENAN_TABLES, COMPANION] as const)
      for (const statement of tableStatements(connection.dialect, table)) await connection.execute(statement);
  },
  grants: grantStatements,
  async check(connection, table) {
    await connection.query(`SELECT ${columnsOf(table as HenanTable).join(', ')} FROM ${table} WHERE 1 = 0`);
    await connection.query(`SELECT row_digest, claimed_by, receipt_code FROM ${COMPANION} WHERE 1 = 0`);
  },
  claim: (pass, table, most) => claimRows(pass, table as HenanTable, most),
  renew: renewClaims,
  async giveBack(pass, rows) {
    const table = rows[0]?.row.table as HenanTable;
    const hints = rows.flatMap(({ row, hint }) => (hint ? [[asHenanRow(row), hint] as const] : []));
    if (hints.length > 0) await pass.connection.transaction(hintStatements(pass, table, hints));
    await giveBackRows(
      pass,
      table,
      rows.map(({ row }) => asHenanRow(row)),
    );
  },
  release: releaseClaims,
  hasOpen: (pass, table, of) => hasOpen(pass, table as HenanTable, of),
  answer: answerRows,
  followUp: writeFollowUps,
  nameColumn,
  listFiles,
  readFiles,
  streamFile,
  answerCatalogue,
  // A file lies in its licence's row: none is alone.
  tidy: async () => 0,
  measure: measureTables,
};
