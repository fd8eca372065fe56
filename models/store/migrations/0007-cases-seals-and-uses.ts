/** A case may bring licences of several types, each with its own clock; an intent names the seal it used; a use names the type
 *  of its holder. Frozen: later versions add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0007: Migration = {
  name: '0007-cases-seals-and-uses',
  async up({ sequelize, dialect, transaction }) {
    const options = transaction ? { transaction } : {};
    // The new key first, so that the table is never without one.
    await sequelize.query(
      'CREATE UNIQUE INDEX cases_entry ON cases (issuing_body, case_number, catalogue_code)',
      options,
    );
    await sequelize.query(
      dialect === 'mysql' ? 'DROP INDEX cases_number ON cases' : 'DROP INDEX cases_number',
      options,
    );
    await sequelize.query('ALTER TABLE licence_intents ADD COLUMN seal_id VARCHAR(190)', options);
    await sequelize.query('ALTER TABLE uses ADD COLUMN holder_type VARCHAR(190)', options);
  },
};
