/** An objection's whole course: what it is about, its evidence, who handles it, lateness, escalation, the correction that follows, and
 *  its history. Objections of before get the history that can be told of them. Frozen: later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

const ADDED = [
  "category VARCHAR(190) NOT NULL DEFAULT 'other'",
  'claims LONGTEXT',
  "party VARCHAR(190) NOT NULL DEFAULT ''",
  'open_key VARCHAR(190)',
  'follows VARCHAR(190)',
  'handler VARCHAR(190)',
  'assigned_at INSTANT',
  'late_minutes BIGINT',
  'late_reason LONGTEXT',
  'escalated_at INSTANT',
  'answered_sequence BIGINT',
  'correction_id VARCHAR(190)',
  'correction_plan LONGTEXT',
  'correction_sequence BIGINT',
  'corrected_at INSTANT',
  'correction_escalated_at INSTANT',
] as const;

export const migration0026: Migration = {
  name: '0026-objections',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    const mysql = dialect === 'mysql';
    for (const column of ADDED) {
      const words = mysql ? column.replace('INSTANT', 'DATETIME(3)') : column.replace('INSTANT', 'DATETIME');
      await run(`ALTER TABLE objections ADD COLUMN ${mysql ? words : words.replace('LONGTEXT', 'TEXT')}`);
    }
    await run('CREATE UNIQUE INDEX objections_open ON objections (open_key)');
    await run('CREATE INDEX objections_party ON objections (party, id)');
    await run('CREATE INDEX objections_correction ON objections (correction_id)');
    await createHistory(context);
    const join = (...parts: string[]) => (mysql ? `CONCAT(${parts.join(', ')})` : parts.join(' || '));
    await run(`UPDATE objections SET party = ${join("'body:'", 'organisation_code')} WHERE filed_by_type = 'consumer'`);
    const holder = 'SELECT users.holder_id FROM users WHERE users.id = objections.filed_by';
    await run(
      `UPDATE objections SET party = COALESCE(${join("'holder:'", `(${holder})`)}, ${join("'account:'", 'filed_by')})
       WHERE filed_by_type <> 'consumer'`,
    );
    const into =
      'INSERT INTO objection_events (id, objection_id, act, side, organisation_code, actor, actor_name, words, details, at)';
    await run(
      `${into} SELECT ${join('id', "'-1'")}, id, 'filed', 'objector', organisation_code, filed_by, '', NULL, '{}', filed_at
       FROM objections`,
    );
    await run(
      `${into} SELECT ${join('id', "'-2'")}, id, state, 'issuer', issuing_body, answered_by, '', NULL, '{}', answered_at
       FROM objections WHERE answered_at IS NOT NULL`,
    );
  },
};

async function createHistory(context: MigrationContext): Promise<void> {
  await createTable(context, 'objection_events', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'objection_id TEXT(190) NOT NULL',
      'act TEXT(190) NOT NULL',
      'side TEXT(190) NOT NULL',
      'organisation_code TEXT(190)',
      'actor TEXT(190) NOT NULL',
      'actor_name TEXT(190) NOT NULL',
      'words LONGTEXT',
      'details LONGTEXT NOT NULL',
      'at INSTANT NOT NULL',
    ],
    indexes: ['objection_events_of(objection_id, id)'],
  });
  await createTable(context, 'objection_evidence', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'objection_id TEXT(190) NOT NULL',
      'side TEXT(190) NOT NULL',
      'name LONGTEXT NOT NULL',
      'format TEXT(190) NOT NULL',
      'size_bytes BIGINT NOT NULL',
      'digest TEXT(190) NOT NULL',
      'file_id TEXT(190) NOT NULL',
      'given_by TEXT(190) NOT NULL',
      'given_at INSTANT NOT NULL',
    ],
    indexes: ['objection_evidence_of(objection_id, id)'],
  });
}
