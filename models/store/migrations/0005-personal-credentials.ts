/** Client credentials may stand for a person: a script then acts in that person's name and with no more than their roles. */
import type { Migration } from './migration.ts';

export const migration0005: Migration = {
  name: '0005-personal-credentials',
  async up({ sequelize, transaction }) {
    await sequelize.query(
      'ALTER TABLE applications ADD COLUMN user_id VARCHAR(190)',
      transaction ? { transaction } : {},
    );
  },
};
