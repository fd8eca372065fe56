/** The life of a seal: what was applied for has no picture and no keys yet; every move, authorised body, accepted maker and use
 *  has a record. Seals of before become active unit seals with a record of how they came here. Frozen. */
import { QueryTypes } from 'sequelize';
import { sm3Hex } from '../../kernel/digest.ts';
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0008: Migration = {
  name: '0008-seal-life',
  async up(context) {
    await (context.dialect === 'mysql' ? widenSeals(context) : rebuildSeals(context));
    await createTables(context);
    await describeSeals(context);
    await acceptOwnMaker(context);
  },
};

/** A seal that is only applied for has none of these. */
const MADE = ['eseal BLOB', 'picture BLOB', 'sm2_key_id TEXT(190)', 'rsa_key_id TEXT(190)'];
const TIMES = ['valid_from INSTANT', 'valid_to INSTANT'];
const NEW = [
  "kind TEXT(190) NOT NULL DEFAULT 'unit'",
  'purpose TEXT(190)',
  'person_name TEXT(190)',
  'years BIGINT',
  'applied_by TEXT(190)',
  'origin TEXT(190)',
  'ses_version BIGINT',
  'es_id TEXT(190)',
  'service TEXT(190)',
  'certificates LONGTEXT',
  'renews TEXT(190)',
];
const OLD_NAMES =
  'id, organisation_code, name, eseal, picture, sm2_key_id, rsa_key_id, state, valid_from, valid_to, created_at';

const optionsOf = ({ transaction }: MigrationContext) => (transaction ? { transaction } : {});

/** One statement, so that a server database has all of it or nothing. */
async function widenSeals(context: MigrationContext): Promise<void> {
  const types: Readonly<Record<string, string>> = { BLOB: 'LONGBLOB', LONGTEXT: 'LONGTEXT', INSTANT: 'DATETIME(3)' };
  const typed = (line: string) =>
    line
      .replace(/\b(BLOB|LONGTEXT|INSTANT)\b/, (word) => types[word] ?? word)
      .replace(/\bTEXT\((\d+)\)/, 'VARCHAR($1)');
  const changes = [
    ...[...MADE, ...TIMES].map((line) => `MODIFY ${typed(line)} NULL`),
    ...NEW.map((line) => `ADD COLUMN ${typed(line)}`),
    'ADD INDEX seals_state (state, id)',
  ];
  await context.sequelize.query(`ALTER TABLE seals ${changes.join(', ')}`, optionsOf(context));
}

/** SQLite cannot take NOT NULL from a column: the table is made anew and its rows are copied. */
async function rebuildSeals(context: MigrationContext): Promise<void> {
  const { sequelize } = context;
  const options = optionsOf(context);
  const columns = ['id KEY NOT NULL PRIMARY KEY', 'organisation_code TEXT(190) NOT NULL', 'name TEXT(190) NOT NULL'];
  const state = ['state TEXT(190) NOT NULL'];
  await createTable(context, 'seals_0008', {
    columns: [...columns, ...MADE, ...state, ...TIMES, 'created_at INSTANT NOT NULL', ...NEW],
  });
  await sequelize.query(`INSERT INTO seals_0008 (${OLD_NAMES}) SELECT ${OLD_NAMES} FROM seals`, options);
  await sequelize.query('DROP TABLE seals', options);
  await sequelize.query('ALTER TABLE seals_0008 RENAME TO seals', options);
  await sequelize.query('CREATE INDEX seals_body ON seals (organisation_code)', options);
  await sequelize.query('CREATE INDEX seals_state ON seals (state, id)', options);
}

async function createTables(context: MigrationContext): Promise<void> {
  await createTable(context, 'seal_changes', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'seal_id TEXT(190) NOT NULL',
      'act TEXT(190) NOT NULL',
      'from_state TEXT(190)',
      'to_state TEXT(190) NOT NULL',
      'actor TEXT(190) NOT NULL',
      'organisation_code TEXT(190)',
      'reason LONGTEXT',
      'created_at INSTANT NOT NULL',
    ],
    indexes: ['seal_changes_seal(seal_id, id)'],
  });
  await createTable(context, 'seal_users', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'seal_id TEXT(190) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'catalogue_codes LONGTEXT',
      'valid_from DATE NOT NULL',
      'valid_to DATE NOT NULL',
      'state TEXT(190) NOT NULL',
      'reason LONGTEXT NOT NULL',
      'created_at INSTANT NOT NULL',
      'created_by TEXT(190) NOT NULL',
      'ended_at INSTANT',
      'ended_by TEXT(190)',
    ],
    indexes: ['seal_users_seal(seal_id, id)', 'seal_users_body(organisation_code, state)'],
  });
  await createTable(context, 'seal_uses', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'seal_id TEXT(190) NOT NULL',
      'key_ids LONGTEXT NOT NULL',
      'subject TEXT(190) NOT NULL',
      'subject_id TEXT(190) NOT NULL',
      'actor_type TEXT(190) NOT NULL',
      'actor TEXT(190) NOT NULL',
      'organisation_code TEXT(190)',
      'on_behalf_of TEXT(190) NOT NULL',
      'outcome TEXT(190) NOT NULL',
      'used_at INSTANT NOT NULL',
      'ended_at INSTANT',
    ],
    indexes: [
      'seal_uses_seal(seal_id, id)',
      'UNIQUE seal_uses_subject(subject, subject_id)',
      'seal_uses_outcome(outcome, used_at)',
    ],
  });
  await createTable(context, 'seal_makers', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'name TEXT(190) NOT NULL',
      'certificate LONGTEXT NOT NULL',
      'digest TEXT(190) NOT NULL',
      'accepted_from INSTANT NOT NULL',
      'accepted_to INSTANT',
      'state TEXT(190) NOT NULL',
      'reason LONGTEXT NOT NULL',
      'created_at INSTANT NOT NULL',
      'created_by TEXT(190) NOT NULL',
      'ended_at INSTANT',
      'ended_by TEXT(190)',
    ],
    indexes: ['UNIQUE seal_makers_digest(digest)'],
  });
}

interface OldSeal {
  readonly id: string;
  readonly sm2_key_id: string;
  readonly rsa_key_id: string;
}

/** What was made before was made by the development maker, in version 4. */
async function describeSeals(context: MigrationContext): Promise<void> {
  const { sequelize } = context;
  const options = optionsOf(context);
  const sql = 'SELECT id, sm2_key_id, rsa_key_id FROM seals ORDER BY id';
  for (const seal of await sequelize.query<OldSeal>(sql, { ...options, type: QueryTypes.SELECT })) {
    const certificates = [
      ...(await firstCertificate(context, seal.sm2_key_id)),
      ...(await firstCertificate(context, seal.rsa_key_id)),
    ];
    const update = "UPDATE seals SET origin = 'development', ses_version = 4, certificates = ? WHERE id = ?";
    await sequelize.query(update, { ...options, replacements: [JSON.stringify(certificates), seal.id] });
    // Instants are copied where they lie: on the way through here a server's would lose their milliseconds.
    const insert = `INSERT INTO seal_changes (id, seal_id, act, from_state, to_state, actor, organisation_code, reason, created_at)
      SELECT ?, id, 'migrate', NULL, state, 'zhengku', NULL, ?, created_at FROM seals WHERE id = ?`;
    const reason = '由旧版本转入 carried over from an earlier version';
    await sequelize.query(insert, { ...options, replacements: [`${seal.id}-0008`, reason, seal.id] });
  }
}

async function firstCertificate(context: MigrationContext, keyId: string): Promise<string[]> {
  const rows = await context.sequelize.query<{ certificates: string }>(
    'SELECT certificates FROM signing_keys WHERE id = ?',
    { ...optionsOf(context), replacements: [keyId], type: QueryTypes.SELECT },
  );
  return rows.flatMap(({ certificates }) => (JSON.parse(certificates) as string[]).slice(0, 1));
}

/** The development maker of a demonstration goes on being believed. */
async function acceptOwnMaker(context: MigrationContext): Promise<void> {
  const sql = "SELECT id, certificates FROM signing_keys WHERE purpose = 'seal-maker' ORDER BY id";
  const rows = await context.sequelize.query<{ id: string; certificates: string }>(sql, {
    ...optionsOf(context),
    type: QueryTypes.SELECT,
  });
  for (const { id, certificates } of rows) {
    const [certificate] = JSON.parse(certificates) as string[];
    if (certificate === undefined) continue;
    const insert = `INSERT INTO seal_makers (id, name, certificate, digest, accepted_from, state, reason, created_at, created_by)
      SELECT id, ?, ?, ?, created_at, 'accepted', ?, created_at, 'zhengku' FROM signing_keys WHERE id = ?`;
    const name = '测试专用 电子印章制作系统';
    const digest = sm3Hex(Buffer.from(certificate, 'base64'));
    const values = [name, certificate, digest, '开发制章人 the development maker', id];
    await context.sequelize.query(insert, { ...optionsOf(context), replacements: values });
  }
}
