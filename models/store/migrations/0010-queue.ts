/** The queue of a house without Redis, the last tick of each job, and the lane of what leaves by the outbox. Frozen: later
 *  versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0010: Migration = {
  name: '0010-queue',
  async up(context) {
    const { sequelize, transaction } = context;
    const options = transaction ? { transaction } : {};
    await createTable(context, 'queue_jobs', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'topic TEXT(190) NOT NULL',
        'lane TEXT(20) NOT NULL',
        'job_key TEXT(190) NOT NULL',
        'data LONGTEXT',
        'state TEXT(20) NOT NULL',
        'attempts BIGINT NOT NULL',
        'most_attempts BIGINT NOT NULL',
        'takeovers BIGINT NOT NULL',
        'due_at INSTANT NOT NULL',
        'run_at INSTANT NOT NULL',
        'locked_until INSTANT',
        'owner TEXT(190)',
        'last_error LONGTEXT',
        'ended_at INSTANT',
      ],
      indexes: [
        'UNIQUE queue_jobs_key(topic, lane, job_key)',
        'queue_jobs_line(topic, lane, state, run_at, id)',
        'queue_jobs_lease(state, locked_until)',
      ],
    });
    await createTable(context, 'queue_ticks', {
      columns: ['name KEY NOT NULL PRIMARY KEY', 'due_at INSTANT NOT NULL'],
    });
    // 0 counter, 1 bulk: a number, so that an order by it serves the counter first.
    await sequelize.query('ALTER TABLE outbox ADD COLUMN lane BIGINT NOT NULL DEFAULT 0', options);
  },
};
