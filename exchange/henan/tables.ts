/** Henan's front-end tables, column by column, and the companion beside them. The hn_* tables belong to the province: their shape
 *  is never altered, and of their rows only sync_state and sync_date are set, as their protocol has it. */
import type { FrontEndDialect } from '../front-end/connection.ts';

export const HENAN_TABLES = ['hn_catalog_sync', 'hn_catalog_release', 'hn_license_sync'] as const;
export type HenanTable = (typeof HENAN_TABLES)[number];

/** Where the receipts stand. */
export const COMPANION = 'zk_receipt';

/** The first column is the primary key. DATE columns hold a day, INSTANT ones Beijing time without a zone. */
const CATALOGUE = [
  'license_name VARCHAR(255)',
  'license_type VARCHAR(255)',
  'licence_type_code VARCHAR(64)',
  'issue_unit VARCHAR(64)',
  'issue_unitname VARCHAR(255)',
  'whose INT',
  'state INT',
  'category INT',
  'area_code VARCHAR(32)',
  'create_date INSTANT',
];
const SYNC = ['sync_state INT DEFAULT 0', 'sync_date INSTANT'];

const COLUMNS: Readonly<Record<HenanTable, readonly string[]>> = {
  hn_catalog_sync: ['catalog_no VARCHAR(64)', ...CATALOGUE, ...SYNC, 'license_base_image BYTES'],
  hn_catalog_release: [
    'catalog_id VARCHAR(64)',
    'catalog_no VARCHAR(64)',
    ...CATALOGUE,
    'update_date INSTANT',
    ...SYNC,
    'license_base_image BYTES',
  ],
  hn_license_sync: [
    'license_file_number VARCHAR(160)',
    'catalog_id VARCHAR(64)',
    'license_number VARCHAR(255)',
    'license_name VARCHAR(255)',
    'issue_date DATE',
    'valid_time_begin DATE',
    'valid_time_end DATE',
    'issue_unit VARCHAR(64)',
    'issue_unitname VARCHAR(255)',
    'area_code VARCHAR(32)',
    'holder VARCHAR(255)',
    'holder_code VARCHAR(128)',
    'category INT',
    'whose INT',
    'state INT',
    'create_date INSTANT',
    ...SYNC,
    'license_file BYTES',
    'new_add_metadata LONG',
    'license_base_image BYTES',
    'file_type VARCHAR(16)',
    'license_type VARCHAR(255)',
    'license_type_code VARCHAR(64)',
  ],
};

export const columnsOf = (table: HenanTable): string[] => COLUMNS[table].map((line) => line.split(' ')[0] ?? '');
export const keyOf = (table: HenanTable): string => columnsOf(table)[0] ?? '';

/** One line a revision: what was claimed, and what became of it. `subject` stands for the business key where a key that holds a
 *  personal number must not be written; `row_digest` tells whether the row says something new. */
const RECEIPT = [
  'source_table VARCHAR(64) NOT NULL',
  'business_key VARCHAR(255) NOT NULL',
  'revision INT NOT NULL',
  'operation VARCHAR(20) NOT NULL',
  'subject VARCHAR(64) NOT NULL',
  'row_digest VARCHAR(64) NOT NULL',
  'state INT NOT NULL',
  'receipt_code VARCHAR(60)',
  'receipt_text LONG',
  'receipt_at AT',
  'licence_identifier VARCHAR(190)',
  'claimed_by VARCHAR(190)',
  'claimed_at AT',
  'PRIMARY KEY (source_table, business_key, revision)',
];

const WORDS: Readonly<Record<FrontEndDialect, Readonly<Record<string, string>>>> = {
  sqlite: { INSTANT: 'TEXT', DATE: 'TEXT', BYTES: 'BLOB', LONG: 'TEXT', AT: 'TEXT' },
  mysql: { INSTANT: 'DATETIME NULL', DATE: 'DATE NULL', BYTES: 'LONGBLOB', LONG: 'LONGTEXT', AT: 'TIMESTAMP(3) NULL' },
};

interface Index {
  readonly name: string;
  readonly columns: string;
}

const INDEXES: Readonly<Record<string, readonly Index[]>> = {
  hn_catalog_sync: [{ name: 'hn_catalog_sync_waiting', columns: 'sync_state, catalog_no' }],
  hn_catalog_release: [{ name: 'hn_catalog_release_waiting', columns: 'sync_state' }],
  hn_license_sync: [{ name: 'hn_license_sync_waiting', columns: 'sync_state, license_file_number' }],
  [COMPANION]: [
    { name: 'zk_receipt_state', columns: 'source_table, state' },
    { name: 'zk_receipt_subject', columns: 'subject, revision' },
  ],
};

/** The statements that make one table, harmless where it is there already. */
export function tableStatements(dialect: FrontEndDialect, table: HenanTable | typeof COMPANION): string[] {
  const lines =
    table === COMPANION
      ? RECEIPT
      : COLUMNS[table].map((line, index) => (index === 0 ? `${line} NOT NULL PRIMARY KEY` : line));
  const columns = lines.map((line) =>
    line.replace(/(?<=^\w+ )(INSTANT|DATE|BYTES|LONG|AT)\b/, (word) => WORDS[dialect][word] ?? word),
  );
  const indexes = INDEXES[table] ?? [];
  if (dialect === 'mysql') {
    const keys = indexes.map(({ name, columns: list }) => `KEY ${name} (${list})`);
    const body = [...columns, ...keys].join(',\n  ');
    return [
      `CREATE TABLE IF NOT EXISTS ${table} (\n  ${body}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    ];
  }
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(',\n  ')}\n)`,
    ...indexes.map(({ name, columns: list }) => `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${list})`),
  ];
}
