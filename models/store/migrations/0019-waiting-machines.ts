/** Since when rows of a machine lie unanswered, as its last pass found it; rows are found by the licence they were about. Frozen: later versions add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0019: Migration = {
  name: '0019-waiting-machines',
  async up({ sequelize, dialect, transaction }) {
    const instant = dialect === 'mysql' ? 'DATETIME(3)' : 'DATETIME';
    const options = transaction ? { transaction } : {};
    await sequelize.query(`ALTER TABLE front_ends ADD COLUMN waiting_since ${instant}`, options);
    await sequelize.query('CREATE INDEX applied_rows_licence ON applied_rows (licence_id)', options);
  },
};
