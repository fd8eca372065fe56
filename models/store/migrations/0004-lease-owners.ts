/** Leases name their process, so that those of a dead one are free at once and not only when their time is up. */
import type { Migration } from './migration.ts';

export const migration0004: Migration = {
  name: '0004-lease-owners',
  async up({ sequelize, transaction }) {
    const options = transaction ? { transaction } : {};
    for (const table of ['idempotency_keys', 'outbox']) {
      await sequelize.query(`ALTER TABLE ${table} ADD COLUMN owner VARCHAR(190)`, options);
    }
  },
};
