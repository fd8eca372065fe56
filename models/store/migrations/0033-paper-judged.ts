/** Paper that was asked for: the words of an exception and what the bureau held of it, and the matter of a report. Frozen: later versions
 *  add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0033: Migration = {
  name: '0033-paper-judged',
  async up({ sequelize, dialect, transaction }) {
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    const instant = dialect === 'mysql' ? 'DATETIME(3)' : 'DATETIME';
    for (const column of [
      'exception_words LONGTEXT',
      'tenable TINYINT(1)',
      'judgement LONGTEXT',
      'judged_by VARCHAR(190)',
      `judged_at ${instant}`,
    ])
      await run(`ALTER TABLE paper_requests ADD COLUMN ${column}`);
    await run('ALTER TABLE paper_reports ADD COLUMN matter_code VARCHAR(64)');
    await run('CREATE INDEX paper_requests_holder ON paper_requests (holder_index, catalogue_code)');
    await run('CREATE INDEX paper_reports_time ON paper_reports (filed_at)');
  },
};
