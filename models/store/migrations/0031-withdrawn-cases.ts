/** Closing notices that were given by mistake are taken back and stay on record: their number is free for a new one. Frozen: later
 *  versions add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0031: Migration = {
  name: '0031-withdrawn-cases',
  async up({ sequelize, dialect, transaction }) {
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    const mysql = dialect === 'mysql';
    const instant = mysql ? 'DATETIME(3)' : 'DATETIME';
    await run("ALTER TABLE cases ADD COLUMN withdrawn_key VARCHAR(40) NOT NULL DEFAULT ''");
    await run(`ALTER TABLE cases ADD COLUMN withdrawn_at ${instant}`);
    await run('ALTER TABLE cases ADD COLUMN withdrawn_by VARCHAR(190)');
    await run(`ALTER TABLE cases ADD COLUMN withdrawn_reason ${mysql ? 'LONGTEXT' : 'TEXT'}`);
    await run(`ALTER TABLE deadlines ADD COLUMN withdrawn_at ${instant}`);
    await run(mysql ? 'DROP INDEX cases_entry ON cases' : 'DROP INDEX cases_entry');
    await run('CREATE UNIQUE INDEX cases_entry ON cases (issuing_body, case_number, catalogue_code, withdrawn_key)');
  },
};
