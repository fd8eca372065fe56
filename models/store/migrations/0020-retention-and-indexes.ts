/** What the nightly purge and the monitor's questions are answered by, and how long a receiver took. Frozen: later versions add
 *  migrations beside it. */
import type { Migration } from './migration.ts';

export const migration0020: Migration = {
  name: '0020-retention-and-indexes',
  async up({ sequelize, transaction }) {
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await run('ALTER TABLE subscriptions ADD COLUMN last_duration_ms BIGINT NOT NULL DEFAULT 0');
    await run('CREATE INDEX exchange_runs_time ON exchange_runs (started_at)');
    await run('CREATE INDEX exchange_alarms_cleared ON exchange_alarms (cleared_at)');
    await run('CREATE INDEX tree_suspects_subject ON tree_suspects (subject)');
    await run('CREATE INDEX province_states_receipt ON province_states (receipt_id)');
    await run('CREATE INDEX province_states_body ON province_states (state, issuing_body)');
  },
};
