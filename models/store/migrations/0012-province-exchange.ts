/** The exchange with the province in batches: what waits is claimed by an index, receipts are kept once a batch, refusals are
 *  listed with their body and since when, ways are measured per minute, links and alarms are remembered, licences that the
 *  province issued come in with a cursor. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0012: Migration = {
  name: '0012-province-exchange',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const options = transaction ? { transaction } : {};
    const instant = dialect === 'mysql' ? 'DATETIME(3)' : 'DATETIME';
    const run = (sql: string) => sequelize.query(sql, options);
    // What was settled is told by the subject's state and by the log; only what waits is kept from now on.
    await run("DELETE FROM outbox WHERE state <> 'waiting'");
    await run('ALTER TABLE outbox ADD COLUMN front_end VARCHAR(190)');
    await run(`ALTER TABLE outbox ADD COLUMN pushed_at ${instant}`);
    await run(dialect === 'mysql' ? 'DROP INDEX outbox_due ON outbox' : 'DROP INDEX outbox_due');
    await run('CREATE INDEX outbox_line ON outbox (topic, state, lane, run_at, id)');

    await run('ALTER TABLE province_states ADD COLUMN receipt_id VARCHAR(190)');
    await run('ALTER TABLE province_states ADD COLUMN issuing_body VARCHAR(190)');
    await run(`ALTER TABLE province_states ADD COLUMN since ${instant}`);
    await run('ALTER TABLE province_states ADD COLUMN front_end VARCHAR(190)');
    await run(`ALTER TABLE province_states ADD COLUMN pushed_at ${instant}`);
    await run(`UPDATE province_states SET since = updated_at,
      issuing_body = CASE subject_type
        WHEN 'licence' THEN (SELECT issuing_body FROM licences WHERE licences.id = subject_id)
        ELSE (SELECT MIN(issuing_body) FROM catalogue_entries WHERE catalogue_entries.code = subject_id) END
      WHERE state IN ('held', 'refused')`);
    await run(
      dialect === 'mysql' ? 'DROP INDEX province_states_state ON province_states' : 'DROP INDEX province_states_state',
    );
    await run('CREATE INDEX province_states_state ON province_states (state, id)');

    await createTable(context, 'province_receipts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'link TEXT(190) NOT NULL',
        'batch_id TEXT(190) NOT NULL',
        'text LONGTEXT NOT NULL',
        'signature LONGTEXT NOT NULL',
        'received_at INSTANT NOT NULL',
      ],
      indexes: ['province_receipts_time(received_at)'],
    });
    await createTable(context, 'province_links', {
      columns: [
        'name KEY NOT NULL PRIMARY KEY',
        'failures BIGINT NOT NULL',
        'down_since INSTANT',
        'not_before INSTANT',
        'last_error LONGTEXT',
        'unbelieved BIGINT NOT NULL',
        'last_unbelieved LONGTEXT',
        'updated_at INSTANT NOT NULL',
      ],
    });
    await createTable(context, 'province_cursors', {
      columns: ['name KEY NOT NULL PRIMARY KEY', 'position TEXT(190) NOT NULL', 'updated_at INSTANT NOT NULL'],
    });
    await createTable(context, 'province_notices', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'front_end TEXT(190) NOT NULL',
        'licence_id TEXT(190) NOT NULL',
        'cause LONGTEXT',
        'written BOOLEAN NOT NULL',
        'updated_at INSTANT NOT NULL',
      ],
      indexes: ['province_notices_open(front_end, written)'],
    });
    await createTable(context, 'exchange_lags', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'minute INSTANT NOT NULL',
        'front_end TEXT(190) NOT NULL',
        'changes BIGINT NOT NULL',
        'sum_ms BIGINT NOT NULL',
        'max_ms BIGINT NOT NULL',
        'over_two_cycles BIGINT NOT NULL',
      ],
      indexes: ['exchange_lags_minute(minute)'],
    });
    await createTable(context, 'exchange_alarms', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'kind TEXT(190) NOT NULL',
        'subject TEXT(190) NOT NULL',
        // Kind and subject while it is raised: never two at once of the same.
        'open_key TEXT(190)',
        'raised_at INSTANT NOT NULL',
        'cleared_at INSTANT',
        'details LONGTEXT NOT NULL',
      ],
      indexes: ['UNIQUE exchange_alarms_open(open_key)', 'exchange_alarms_time(raised_at)'],
    });
    await createTable(context, 'province_returns', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'sequence BIGINT NOT NULL',
        'digest TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'cause LONGTEXT',
        'licence_id TEXT(190)',
        'issuing_body TEXT(190)',
        'page_cursor TEXT(190)',
        'received_at INSTANT NOT NULL',
        'updated_at INSTANT NOT NULL',
      ],
      indexes: ['province_returns_state(state, id)'],
    });
  },
};
