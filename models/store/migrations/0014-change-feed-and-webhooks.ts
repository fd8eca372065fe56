/** Changes have a feed with positions that only committed changes are given, and departments subscribe to them. Frozen:
 *  later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

const CHANGE_COLUMNS = [
  'type TEXT(190) NOT NULL',
  'subject_id TEXT(190) NOT NULL',
  'identifier TEXT(190) NOT NULL',
  'sequence BIGINT NOT NULL',
  'act TEXT(190) NOT NULL',
  'status TEXT(190)',
  'commitment BOOLEAN NOT NULL',
  'issuing_body TEXT(190) NOT NULL',
  'catalogue_code TEXT(190) NOT NULL',
  'at_ms BIGINT NOT NULL',
];

export const migration0014: Migration = {
  name: '0014-change-feed-and-webhooks',
  async up(context) {
    await createTable(context, 'change_intake', { columns: ['entry SEQUENCE', ...CHANGE_COLUMNS] });
    await createTable(context, 'change_feed', {
      columns: ['position BIGINT NOT NULL PRIMARY KEY', ...CHANGE_COLUMNS],
    });
    await createTable(context, 'change_head', {
      columns: ['id BIGINT NOT NULL PRIMARY KEY', 'position BIGINT NOT NULL'],
    });
    await createTable(context, 'change_grants', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'organisation_code TEXT(190) NOT NULL',
        'catalogue_code TEXT(190) NOT NULL',
        'next_step BOOLEAN NOT NULL',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
      ],
      indexes: ['UNIQUE change_grants_body(organisation_code, catalogue_code)'],
    });
    await createTable(context, 'subscriptions', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'organisation_code TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'url LONGTEXT NOT NULL',
        'catalogue_codes LONGTEXT',
        'acts LONGTEXT',
        'signing TEXT(190) NOT NULL',
        'secret_cipher LONGTEXT',
        'previous_secret_cipher LONGTEXT',
        'previous_until INSTANT',
        'state TEXT(190) NOT NULL',
        'reason TEXT(190)',
        'position BIGINT NOT NULL',
        'failures BIGINT NOT NULL',
        'failing_since INSTANT',
        'rest_until INSTANT',
        'last_success_at INSTANT',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
      ],
      indexes: ['subscriptions_body(organisation_code, id)', 'subscriptions_state(state)'],
    });
    await createTable(context, 'deliveries', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'subscription_id TEXT(190) NOT NULL',
        'kind TEXT(190) NOT NULL',
        'position BIGINT',
        'subject TEXT(190) NOT NULL',
        'content LONGTEXT',
        'state TEXT(190) NOT NULL',
        'attempts BIGINT NOT NULL',
        'run_at INSTANT NOT NULL',
        'locked_until INSTANT',
        'owner TEXT(190)',
        'last_outcome TEXT(190)',
        'last_status BIGINT',
        'created_at INSTANT NOT NULL',
        'done_at INSTANT',
      ],
      indexes: [
        'UNIQUE deliveries_entry(subscription_id, position)',
        'deliveries_due(subscription_id, state, run_at)',
        'deliveries_order(subscription_id, state, position)',
        'deliveries_subject(subscription_id, state, subject, position)',
        'deliveries_state(state, done_at)',
      ],
    });
    await createTable(context, 'delivery_attempts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'delivery_id TEXT(190) NOT NULL',
        'at INSTANT NOT NULL',
        'duration_ms BIGINT NOT NULL',
        'outcome TEXT(190) NOT NULL',
        'status BIGINT',
        'excerpt LONGTEXT',
      ],
      indexes: ['delivery_attempts_delivery(delivery_id, id)'],
    });
    const options = context.transaction ? { transaction: context.transaction } : {};
    await context.sequelize.query('INSERT INTO change_head (id, position) VALUES (1, 0)', options);
  },
};
