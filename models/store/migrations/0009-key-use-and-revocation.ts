/** Keys count their uses, have limits, and may lie at a signing service; revocation lists are kept as they were fetched; what
 *  the development authority revoked is remembered. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0009: Migration = {
  name: '0009-key-use-and-revocation',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const options = transaction ? { transaction } : {};
    const instant = dialect === 'mysql' ? 'DATETIME(3)' : 'DATETIME';
    for (const column of [
      "provider VARCHAR(190) NOT NULL DEFAULT 'software'",
      'remote_key_id VARCHAR(190)',
      "state VARCHAR(190) NOT NULL DEFAULT 'active'",
      'uses BIGINT NOT NULL DEFAULT 0',
      'max_uses BIGINT',
      `not_after_use ${instant}`,
    ]) {
      await sequelize.query(`ALTER TABLE signing_keys ADD COLUMN ${column}`, options);
    }
    await createTable(context, 'revocation_lists', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'url LONGTEXT NOT NULL',
        'issuer LONGTEXT',
        'der BLOB',
        'this_update INSTANT',
        'next_update INSTANT',
        'fetched_at INSTANT',
        'tried_at INSTANT',
        'try_after INSTANT NOT NULL',
        'failures BIGINT NOT NULL',
        'last_error TEXT(190)',
      ],
    });
    await createTable(context, 'revoked_certificates', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'issuer_key_id TEXT(190) NOT NULL',
        'serial TEXT(190) NOT NULL',
        'reason TEXT(190) NOT NULL',
        'revoked_at INSTANT NOT NULL',
        'invalid_since INSTANT',
        'actor TEXT(190) NOT NULL',
      ],
      indexes: ['UNIQUE revoked_certificates_serial(issuer_key_id, serial)'],
    });
  },
};
