/** The version a licence was made from stays with it, also when it takes nobody's place. Frozen: later versions add migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0035: Migration = {
  name: '0035-former-versions',
  async up({ sequelize, transaction }) {
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await run('ALTER TABLE licences ADD COLUMN former_id VARCHAR(190)');
    await run('UPDATE licences SET former_id = predecessor_id WHERE predecessor_id IS NOT NULL');
    await run('CREATE INDEX licences_former ON licences (former_id)');
  },
};
