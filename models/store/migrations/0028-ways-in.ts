/** Ways in: the mark of origin of stock licences, hosts to which the fill page may lead back, links to the fill page, drafts. Frozen:
 *  later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0028: Migration = {
  name: '0028-ways-in',
  async up(context) {
    await markStock(context);
    await createTable(context, 'fill_links', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'token_digest TEXT(64) NOT NULL',
        'browser_digest TEXT(64)',
        'application_id TEXT(40) NOT NULL',
        'organisation_code TEXT(18) NOT NULL',
        'catalogue_code TEXT(40) NOT NULL',
        'content LONGTEXT NOT NULL',
        'return_url LONGTEXT',
        'caller_state LONGTEXT',
        'draft_id TEXT(40)',
        'state TEXT(20) NOT NULL',
        'licence_id TEXT(40)',
        'created_at INSTANT NOT NULL',
        'expires_at INSTANT NOT NULL',
        'ended_at INSTANT',
      ],
      indexes: ['UNIQUE fill_links_token(token_digest)', 'fill_links_created(created_at)'],
    });
    await createTable(context, 'drafts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'owner TEXT(60) NOT NULL',
        'organisation_code TEXT(18) NOT NULL',
        'catalogue_code TEXT(40) NOT NULL',
        'catalogue_version BIGINT NOT NULL',
        'content LONGTEXT NOT NULL',
        'created_at INSTANT NOT NULL',
        'updated_at INSTANT NOT NULL',
      ],
      indexes: ['drafts_owner(owner, id)', 'drafts_updated(updated_at)'],
    });
  },
};

/** What came by a stock sheet in the version before is marked as well. */
async function markStock({ sequelize, dialect, transaction }: MigrationContext): Promise<void> {
  const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
  const longText = dialect === 'mysql' ? 'LONGTEXT' : 'TEXT';
  await run(`ALTER TABLE licences ADD COLUMN stock ${longText}`);
  await run(`ALTER TABLE applications ADD COLUMN return_hosts ${longText}`);
  await run(`UPDATE licences SET stock = '{"paperNumber":null}' WHERE id IN (
    SELECT import_rows.licence_id FROM import_rows JOIN imports ON imports.id = import_rows.import_id
    WHERE imports.stock = 1 AND imports.mode = 'apply' AND import_rows.outcome = 'accepted')`);
}
