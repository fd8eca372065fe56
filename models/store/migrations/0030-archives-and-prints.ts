/** Archive batches with their volumes and what is in them, and prints. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0030: Migration = {
  name: '0030-archives-and-prints',
  async up(context) {
    await createTable(context, 'archives', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'number TEXT(80) NOT NULL',
        'purpose TEXT(20) NOT NULL',
        'organisation_code TEXT(40) NOT NULL',
        'criteria LONGTEXT NOT NULL',
        'state TEXT(20) NOT NULL',
        'last_seen TEXT(190)',
        'items BIGINT NOT NULL',
        'volumes BIGINT NOT NULL',
        'fault LONGTEXT',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
        'ended_at INSTANT',
      ],
      indexes: ['UNIQUE archives_number(number)', 'archives_body(organisation_code, id)', 'archives_state(state, id)'],
    });
    await createTable(context, 'archive_volumes', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'archive_id TEXT(40) NOT NULL',
        'position BIGINT NOT NULL',
        'number TEXT(80) NOT NULL',
        'digest TEXT(64) NOT NULL',
        'size_bytes BIGINT NOT NULL',
        'content_sm3 TEXT(64) NOT NULL',
        'items BIGINT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE archive_volumes_position(archive_id, position)'],
    });
    await createTable(context, 'archive_items', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'purpose TEXT(20) NOT NULL',
        'subject TEXT(120) NOT NULL',
        'licence_id TEXT(40) NOT NULL',
        'archive_id TEXT(40) NOT NULL',
        'volume_id TEXT(40) NOT NULL',
        'number TEXT(100) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: [
        'UNIQUE archive_items_once(purpose, subject)',
        'archive_items_licence(licence_id, purpose)',
        'archive_items_volume(volume_id)',
      ],
    });
    await createTable(context, 'prints', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'serial TEXT(40) NOT NULL',
        'licence_id TEXT(40) NOT NULL',
        'use_id TEXT(40)',
        'organisation_code TEXT(40) NOT NULL',
        'purpose LONGTEXT NOT NULL',
        'digest TEXT(64) NOT NULL',
        'printed_by TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE prints_serial(serial)', 'prints_licence(licence_id)', 'prints_use(use_id)'],
    });
  },
};
