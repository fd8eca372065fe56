/** Batch imports of licences by sheet: files in encrypted parts, imports with their progress, what became of each row, and scans
 *  of paper licences. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0015: Migration = {
  name: '0015-imports',
  async up(context) {
    await createTable(context, 'import_files', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'state TEXT(20) NOT NULL',
        'name LONGTEXT NOT NULL',
        'digest TEXT(64)',
        'size_bytes BIGINT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['import_files_state(state, created_at)'],
    });
    await createTable(context, 'import_parts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'owner_id TEXT(40) NOT NULL',
        'place BIGINT NOT NULL',
        'content LONGTEXT NOT NULL',
      ],
      indexes: ['UNIQUE import_parts_place(owner_id, place)'],
    });
    await createTable(context, 'imports', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'once_key TEXT(64)',
        'catalogue_code TEXT(40) NOT NULL',
        'issuing_body TEXT(18) NOT NULL',
        'mode TEXT(20) NOT NULL',
        'stock BOOLEAN NOT NULL',
        'state TEXT(20) NOT NULL',
        'file_id TEXT(40) NOT NULL',
        'file_name LONGTEXT NOT NULL',
        'digest TEXT(64) NOT NULL',
        'size_bytes BIGINT NOT NULL',
        'format TEXT(10)',
        'headings LONGTEXT',
        'declaration LONGTEXT',
        'case_id TEXT(40)',
        'total BIGINT NOT NULL',
        'next_part BIGINT NOT NULL',
        'judged BIGINT NOT NULL',
        'accepted BIGINT NOT NULL',
        'already_there BIGINT NOT NULL',
        'refused BIGINT NOT NULL',
        'advanced_row BIGINT NOT NULL',
        'fault LONGTEXT',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
        'creator LONGTEXT NOT NULL',
        'run_at INSTANT NOT NULL',
        'locked_until INSTANT',
        'owner TEXT(190)',
        'ended_at INSTANT',
      ],
      indexes: [
        'UNIQUE imports_once(once_key)',
        'imports_body(issuing_body, id)',
        'imports_open(state, run_at)',
        'imports_case(case_id)',
      ],
    });
    await createTable(context, 'import_rows', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'import_id TEXT(40) NOT NULL',
        'sheet_row BIGINT NOT NULL',
        'outcome TEXT(20) NOT NULL',
        'licence_id TEXT(40)',
        'number_key TEXT(190)',
        'fingerprint TEXT(64) NOT NULL',
        'faults LONGTEXT',
      ],
      indexes: [
        'UNIQUE import_rows_row(import_id, sheet_row)',
        'import_rows_outcome(import_id, outcome, sheet_row)',
        'import_rows_number(import_id, number_key)',
        'import_rows_fingerprint(fingerprint)',
        'import_rows_licence(licence_id)',
      ],
    });
    await createTable(context, 'licence_scans', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'import_id TEXT(40) NOT NULL',
        'file_id TEXT(40)',
        'licence_id TEXT(40)',
        'state TEXT(20) NOT NULL',
        'name LONGTEXT NOT NULL',
        'number_key TEXT(190)',
        'format TEXT(10)',
        'digest TEXT(64)',
        'size_bytes BIGINT NOT NULL',
        'fault LONGTEXT',
        'created_at INSTANT NOT NULL',
      ],
      indexes: [
        'licence_scans_import(import_id, state, id)',
        'licence_scans_licence(licence_id)',
        'licence_scans_number(import_id, number_key)',
      ],
    });
  },
};
