/** How long the last pass over a machine took. Frozen: later versions add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0021: Migration = {
  name: '0021-slow-machines',
  async up({ sequelize, transaction }) {
    const sql = 'ALTER TABLE front_ends ADD COLUMN last_pass_ms BIGINT NOT NULL DEFAULT 0';
    await sequelize.query(sql, transaction ? { transaction } : {});
  },
};
