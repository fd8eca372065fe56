/** Notices to bodies, the bureau and holders; which stages of a clock were told, by due time and by clock; when a clock was opened, why one
 *  is late, how large a declared batch is. Frozen: later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0023: Migration = {
  name: '0023-notices-and-told-clocks',
  async up(context) {
    await makeNotices(context);
    await changeClocks(context);
  },
};

async function makeNotices(context: MigrationContext): Promise<void> {
  await createTable(context, 'notices', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'recipient TEXT(190) NOT NULL',
      'kind TEXT(60) NOT NULL',
      'subject_id TEXT(190) NOT NULL',
      'stage TEXT(60) NOT NULL',
      'facts LONGTEXT NOT NULL',
      'created_at INSTANT NOT NULL',
      'read_at INSTANT',
      'read_by TEXT(190)',
    ],
    indexes: [
      'UNIQUE notices_once(recipient, kind, subject_id, stage)',
      'notices_of(recipient, id)',
      'notices_unread(recipient, read_at, id)',
    ],
  });
  await createTable(context, 'clock_notices', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'deadline_id TEXT(190) NOT NULL',
      'stage TEXT(20) NOT NULL',
      'at INSTANT NOT NULL',
    ],
    indexes: ['UNIQUE clock_notices_once(deadline_id, stage)'],
  });
}

async function changeClocks({ sequelize, dialect, transaction }: MigrationContext): Promise<void> {
  const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
  const mysql = dialect === 'mysql';
  const instant = mysql ? 'DATETIME(3)' : 'DATETIME';
  const longText = mysql ? 'LONGTEXT' : 'TEXT';
  await run(`ALTER TABLE due_times ADD COLUMN warned_at ${instant}`);
  await run(`ALTER TABLE due_times ADD COLUMN passed_at ${instant}`);
  await run('CREATE INDEX due_times_to_warn ON due_times (warned_at, warn_at)');
  await run('CREATE INDEX due_times_to_pass ON due_times (passed_at, due_at)');
  await run(`ALTER TABLE deadlines ADD COLUMN opened_at ${instant}`);
  // Nobody noted when the clocks of the version before were opened; they began not earlier than what started them.
  await run('UPDATE deadlines SET opened_at = started_at');
  await run(`ALTER TABLE deadlines ADD COLUMN late_reason ${longText}`);
  await run('ALTER TABLE deadlines ADD COLUMN late_reason_by VARCHAR(190)');
  await run(`ALTER TABLE deadlines ADD COLUMN late_reason_at ${instant}`);
  await run('CREATE INDEX deadlines_told ON deadlines (due_time, id)');
  await run('CREATE INDEX deadlines_started ON deadlines (started_at)');
  await run('ALTER TABLE cases ADD COLUMN batch_size BIGINT');
  // Of the days of the version before, those count as told on which no clock runs any more.
  const now = mysql ? 'UTC_TIMESTAMP(3)' : "strftime('%Y-%m-%d %H:%M:%f', 'now') || ' +00:00'";
  await run(
    `UPDATE due_times SET warned_at = warn_at, passed_at = due_at WHERE due_at < ${now}
     AND NOT EXISTS (SELECT 1 FROM deadlines WHERE due_time = due_times.id AND met_at IS NULL)`,
  );
}
