/** The profile of our own tables: zk_catalogue, zk_case, zk_licence with zk_file, zk_query. Claims and receipts stand in the row
 *  itself. */
import type { FrontEndProfile } from '../profile.ts';
import { answerCatalogue } from './answer-catalogue.ts';
import { claimRows, putBack, releaseClaims, renewClaims } from './claim-rows.ts';
import { listFiles, readFiles, streamFile } from './files.ts';
import { grantStatements } from './grants.ts';
import { hasOpen } from './has-open.ts';
import { initTables } from './init-tables.ts';
import { measureTables } from './measure-tables.ts';
import { nameColumn } from './name-columns.ts';
import { checkTable } from './read-claimed.ts';
import { refuseLoneFiles } from './refuse-lone-files.ts';
import { FRONT_END_TABLES, type FrontEndTable } from './tables.ts';
import { hintStatements, writeAnswers, writeFollowUps } from './write-answers.ts';

export const zhengkuProfile: FrontEndProfile = {
  name: 'zhengku',
  tableNames: FRONT_END_TABLES,
  tables: [
    { name: 'zk_catalogue', kind: 'catalogue' },
    { name: 'zk_case', kind: 'case' },
    { name: 'zk_licence', kind: 'licence' },
    { name: 'zk_query', kind: 'query' },
  ],
  statesBasis: true,
  init: initTables,
  grants: grantStatements,
  async check(connection, table) {
    await checkTable({ connection }, table as FrontEndTable);
    if (table === 'zk_licence') await checkTable({ connection }, 'zk_file');
  },
  claim: (pass, table, most) => claimRows(pass, table as FrontEndTable, most),
  renew: (pass, table) => renewClaims(pass, table as FrontEndTable),
  async giveBack(pass, rows) {
    const [first] = rows;
    if (!first) return;
    const table = first.row.table as FrontEndTable;
    const hints = new Map(rows.flatMap(({ row, hint }) => (hint ? [[Number(row.rowId), hint] as const] : [])));
    if (hints.size > 0) await pass.connection.transaction(hintStatements(pass, table, hints));
    const rowIds = rows.map(({ row }) => Number(row.rowId));
    await putBack(pass, table, rowIds);
  },
  release: (pass, table, isOver) => releaseClaims(pass, table as FrontEndTable, isOver),
  hasOpen: (pass, table, of) => hasOpen(pass, table as FrontEndTable, of),
  answer: writeAnswers,
  followUp: writeFollowUps,
  nameColumn,
  listFiles,
  readFiles,
  streamFile,
  answerCatalogue,
  tidy: refuseLoneFiles,
  measure: measureTables,
};
