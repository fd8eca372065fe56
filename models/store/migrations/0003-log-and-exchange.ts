/** The access log, the exchange, the outbox and idempotency keys. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0003: Migration = {
  name: '0003-log-and-exchange',
  async up(context) {
    await createTable(context, 'audit_entries', {
      columns: [
        'seq BIGINT NOT NULL PRIMARY KEY',
        'at INSTANT NOT NULL',
        'actor_type TEXT(190) NOT NULL',
        'actor_id TEXT(190) NOT NULL',
        'organisation_code TEXT(190)',
        'act TEXT(190) NOT NULL',
        'outcome TEXT(190) NOT NULL',
        'licence_id TEXT(190)',
        'holder_index TEXT(190)',
        'case_number TEXT(190)',
        'matter_code TEXT(190)',
        'purpose LONGTEXT',
        'address TEXT(190)',
        'request_id TEXT(190)',
        'details LONGTEXT NOT NULL',
        'previous_hash TEXT(190) NOT NULL',
        'hash TEXT(190) NOT NULL',
      ],
      indexes: [
        'audit_entries_at(at)',
        'audit_entries_licence(licence_id, seq)',
        'audit_entries_holder(holder_index, seq)',
        'audit_entries_actor(actor_id, seq)',
        'audit_entries_body(organisation_code, seq)',
        'audit_entries_case(case_number, seq)',
      ],
    });
    await createTable(context, 'audit_head', {
      columns: ['id BIGINT NOT NULL PRIMARY KEY', 'seq BIGINT NOT NULL', 'hash TEXT(190) NOT NULL'],
    });
    await createTable(context, 'front_ends', {
      columns: [
        'name KEY NOT NULL PRIMARY KEY',
        'organisation_code TEXT(190) NOT NULL',
        'url_cipher LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'last_pass_at INSTANT',
        'last_error LONGTEXT',
        'created_at INSTANT NOT NULL',
      ],
    });
    await createTable(context, 'applied_rows', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'revision BIGINT NOT NULL',
        'payload_digest TEXT(190) NOT NULL',
        'receipt_state BIGINT NOT NULL',
        'receipt_code TEXT(190) NOT NULL',
        'receipt_text LONGTEXT NOT NULL',
        'licence_id TEXT(190)',
        'applied_at INSTANT NOT NULL',
      ],
    });
    await createTable(context, 'province_states', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'subject_type TEXT(190) NOT NULL',
        'subject_id TEXT(190) NOT NULL',
        'sent_sequence BIGINT NOT NULL',
        'acknowledged_sequence BIGINT NOT NULL',
        'digest TEXT(190)',
        'receipt LONGTEXT',
        'state TEXT(190) NOT NULL',
        'reason LONGTEXT',
        'updated_at INSTANT NOT NULL',
      ],
      indexes: ['province_states_state(state)', 'province_states_subject(subject_type, subject_id)'],
    });
    await createTable(context, 'exchange_runs', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'front_end TEXT(190) NOT NULL',
        'started_at INSTANT NOT NULL',
        'ended_at INSTANT',
        'counts LONGTEXT NOT NULL',
      ],
      indexes: ['exchange_runs_front_end(front_end, started_at)'],
    });
    await createTable(context, 'province_comparisons', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'started_at INSTANT NOT NULL',
        'ended_at INSTANT',
        'counts LONGTEXT NOT NULL',
        'differences LONGTEXT NOT NULL',
      ],
    });
    await createTable(context, 'outbox', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'topic TEXT(190) NOT NULL',
        'subject TEXT(190) NOT NULL',
        'payload LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'attempts BIGINT NOT NULL',
        'run_at INSTANT NOT NULL',
        'locked_until INSTANT',
        'last_error LONGTEXT',
        'created_at INSTANT NOT NULL',
        'done_at INSTANT',
      ],
      indexes: ['outbox_due(state, run_at)', 'outbox_subject(subject, id)'],
    });
    await createTable(context, 'idempotency_keys', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'request_digest TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'status BIGINT',
        'body LONGTEXT',
        'locked_until INSTANT',
        'created_at INSTANT NOT NULL',
      ],
    });
    const options = context.transaction ? { transaction: context.transaction } : {};
    await context.sequelize.query(`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${'0'.repeat(64)}')`, options);
  },
};
