/** Declared batches remember how many of them stand, and the licences of a case are found in their order. Frozen: later versions add
 *  migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0036: Migration = {
  name: '0036-counted-batches',
  async up({ sequelize, dialect, transaction }) {
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    // Those of before are counted when something of them arrives or is returned next.
    await run('ALTER TABLE cases ADD COLUMN arrived BIGINT');
    await run(dialect === 'mysql' ? 'DROP INDEX licences_case ON licences' : 'DROP INDEX licences_case');
    await run('CREATE INDEX licences_case ON licences (case_number, id)');
  },
};
