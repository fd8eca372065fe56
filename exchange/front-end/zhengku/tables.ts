/** The contract tables of a front-end machine: departments write rows, the exchange answers in the same row. */

export const FRONT_END_TABLES = ['zk_catalogue', 'zk_case', 'zk_licence', 'zk_file', 'zk_query'] as const;
export type FrontEndTable = (typeof FRONT_END_TABLES)[number];

/** new → claimed by a pass → accepted or refused. */
export const ROW_STATES = { new: 0, claimed: 1, accepted: 2, refused: 3 } as const;

/** Words: KEY exact text that is looked up · TEXT(n) · LONG text without bound · BYTES · INT · INSTANT.
 *  Dates are text, so that an impossible one can be refused by name instead of being turned into another. */
const PAYLOAD: Readonly<Record<FrontEndTable, readonly string[]>> = {
  zk_catalogue: ['definition LONG', 'provincial_code TEXT(60)'],
  zk_case: [
    'case_number TEXT(120)',
    'catalogue_code TEXT(60)',
    'mode TEXT(20)',
    'offline_reason LONG',
    'closed_at TEXT(40)',
    'batch_size INT',
  ],
  zk_licence: [
    'catalogue_code TEXT(60)',
    'holders LONG',
    'fields LONG',
    'valid_from TEXT(40)',
    'valid_to TEXT(40)',
    'closed_at TEXT(40)',
    'case_number TEXT(120)',
    'commitment INT',
    'classified INT',
    'sealed_files INT DEFAULT 0',
    'identifier TEXT(190)',
    'issued_on TEXT(40)',
    'status_act TEXT(40)',
    'legal_basis LONG',
    'reason LONG',
    'licence_identifier TEXT(190)',
    'succeeds TEXT(190)',
    'succession_act TEXT(40)',
    'succession_reason TEXT(2000)',
    'succession_basis TEXT(1000)',
  ],
  zk_file: ['licence_key KEY', 'format TEXT(20)', 'file_name TEXT(255)', 'content BYTES', 'sm3 TEXT(64)'],
  zk_query: [
    'case_number TEXT(120)',
    'matter TEXT(120)',
    'purpose LONG',
    'holder_type TEXT(20)',
    'holder_number TEXT(120)',
  ],
};

const nameOf = (line: string) => line.split(' ')[0] ?? '';

/** What the repository writes of a table, beside the claim and the receipt. */
const ANSWERED: Readonly<Record<FrontEndTable, readonly string[]>> = {
  zk_catalogue: ['provincial_code'],
  zk_case: [],
  zk_licence: ['licence_identifier'],
  zk_file: [],
  zk_query: [],
};

/** What the repository may write; everything else is the department's. */
export function repositoryColumns(table: FrontEndTable): string[] {
  return ['state', 'receipt_code', 'receipt_text', 'receipt_at', 'claimed_by', 'claimed_at', ...ANSWERED[table]];
}

/** What the department writes; row number, state and claim make themselves. */
export function departmentColumns(table: FrontEndTable): string[] {
  return ['row_id', ...HEAD.map(nameOf), ...payloadColumns(table), 'pushed_at'];
}

/** Names of the payload columns; a department may keep columns of its own beside them. */
export function payloadColumns(table: FrontEndTable): string[] {
  return PAYLOAD[table].map(nameOf).filter((name) => !ANSWERED[table].includes(name));
}

const HEAD = [
  'business_key KEY NOT NULL',
  'revision INT NOT NULL DEFAULT 1',
  "operation TEXT(20) NOT NULL DEFAULT 'upsert'",
];
const TAIL = [
  'pushed_at INSTANT NOT NULL DEFAULT NOW',
  'state INT NOT NULL DEFAULT 0',
  'receipt_code TEXT(60)',
  'receipt_text LONG',
  'receipt_at INSTANT NULL',
  'claimed_by TEXT(190)',
  'claimed_at INSTANT NULL',
];

const WORDS = {
  sqlite: {
    id: 'row_id INTEGER PRIMARY KEY AUTOINCREMENT',
    KEY: 'TEXT',
    LONG: 'TEXT',
    BYTES: 'BLOB',
    INT: 'INTEGER',
    INSTANT: 'TEXT',
    NOW: "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
    end: '',
  },
  mysql: {
    id: 'row_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
    KEY: 'VARCHAR(120)',
    LONG: 'LONGTEXT',
    BYTES: 'LONGBLOB',
    INT: 'INT',
    INSTANT: 'TIMESTAMP(3)',
    NOW: 'CURRENT_TIMESTAMP(3)',
    end: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
  },
} as const;

/** Columns that later versions have added, for tables made by earlier ones. They are short: the weight of a row is taken without them. */
export const ADDED_COLUMNS: readonly (readonly [table: FrontEndTable, column: string, type: string])[] = [
  ['zk_catalogue', 'provincial_code', 'VARCHAR(60)'],
  ['zk_case', 'batch_size', 'INT'],
  ['zk_licence', 'succeeds', 'VARCHAR(190)'],
  ['zk_licence', 'succession_act', 'VARCHAR(40)'],
  ['zk_licence', 'succession_reason', 'VARCHAR(2000)'],
  ['zk_licence', 'succession_basis', 'VARCHAR(1000)'],
];

/** The statements that make one table and its indexes, harmless where they are there already. */
export function tableStatements(dialect: keyof typeof WORDS, table: FrontEndTable): string[] {
  const words = WORDS[dialect];
  const columns = [...HEAD, ...PAYLOAD[table], ...TAIL].map((line) =>
    line
      .replace(/\bTEXT\((\d+)\)/, 'VARCHAR($1)')
      .replace(/(?<=^\w+ )(KEY|LONG|BYTES|INT|INSTANT)\b/, (word) => words[word as 'KEY'])
      .replace(/\bNOW$/, words.NOW),
  );
  const indexes = [`${table}_state(state, row_id)`, `${table}_key(business_key, revision)`];
  if (table === 'zk_file') indexes.push('zk_file_licence(licence_key, state)');
  if (dialect === 'mysql') {
    const keys = indexes.map((index) => `KEY ${index}`);
    return [`CREATE TABLE IF NOT EXISTS ${table} (\n  ${[words.id, ...columns, ...keys].join(',\n  ')}\n)${words.end}`];
  }
  const create = `CREATE TABLE IF NOT EXISTS ${table} (\n  ${[words.id, ...columns].join(',\n  ')}\n)`;
  return [create, ...indexes.map((index) => `CREATE INDEX IF NOT EXISTS ${index.replace('(', ` ON ${table}(`)}`)];
}
