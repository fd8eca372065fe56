/** Bulk analysis: applications with what was asked and granted, and the bytes of deliveries in parts. Frozen:
 *  later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0029: Migration = {
  name: '0029-analyses',
  async up(context) {
    await createTable(context, 'analyses', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'number TEXT(40) NOT NULL',
        'organisation_code TEXT(18) NOT NULL',
        'applied_by TEXT(190) NOT NULL',
        'state TEXT(20) NOT NULL',
        'application LONGTEXT NOT NULL',
        'asked LONGTEXT NOT NULL',
        'granted LONGTEXT',
        'moves LONGTEXT NOT NULL',
        'secret LONGTEXT NOT NULL',
        'mark_index TEXT(16) NOT NULL',
        'starts_at INSTANT',
        'expires_at INSTANT',
        'moment INSTANT',
        'next_type BIGINT NOT NULL',
        'after_id TEXT(40) NOT NULL',
        'next_part BIGINT NOT NULL',
        'row_counts LONGTEXT NOT NULL',
        'package_id TEXT(40)',
        'package_parts BIGINT NOT NULL',
        'digest TEXT(64)',
        'size_bytes BIGINT NOT NULL',
        'downloads BIGINT NOT NULL',
        'failure LONGTEXT',
        'created_at INSTANT NOT NULL',
      ],
      indexes: [
        'UNIQUE analyses_number(number)',
        'UNIQUE analyses_mark(mark_index)',
        'analyses_state(state, starts_at)',
        'analyses_expiry(state, expires_at)',
        'analyses_body(organisation_code, id)',
      ],
    });
    await createTable(context, 'analysis_parts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'analysis_id TEXT(40) NOT NULL',
        'owner_id TEXT(40) NOT NULL',
        'place BIGINT NOT NULL',
        'content LONGTEXT NOT NULL',
      ],
      indexes: ['UNIQUE analysis_parts_place(owner_id, place)', 'analysis_parts_of(analysis_id, id)'],
    });
  },
};
