/** Due times by the day on which clocks started, apart from the clocks: when the calendar changes, a few thousand of them move and not
 *  every clock. How sure a year of the calendar is, and its changes. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0022: Migration = {
  name: '0022-due-times',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    const mysql = dialect === 'mysql';
    await run("ALTER TABLE calendar_years ADD COLUMN state VARCHAR(190) NOT NULL DEFAULT 'published'");
    await run('ALTER TABLE calendar_years ADD COLUMN document VARCHAR(190)');
    await createTable(context, 'calendar_changes', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'year BIGINT NOT NULL',
        'actor TEXT(190) NOT NULL',
        'days LONGTEXT NOT NULL',
        'states TEXT(190)',
        'changed_at INSTANT NOT NULL',
        'moved_times BIGINT NOT NULL',
        'moved_clocks BIGINT NOT NULL',
      ],
    });
    await createTable(context, 'due_times', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'started_on TEXT(10) NOT NULL',
        'working_days BIGINT NOT NULL',
        'due_at INSTANT NOT NULL',
        'warn_at INSTANT NOT NULL',
        'provisional BOOLEAN NOT NULL',
      ],
      indexes: ['due_times_due(due_at)', 'due_times_warn(warn_at)'],
    });
    await run("ALTER TABLE deadlines ADD COLUMN due_time VARCHAR(190) NOT NULL DEFAULT ''");
    const startedOn = mysql
      ? "DATE_FORMAT(started_at + INTERVAL 8 HOUR, '%Y-%m-%d')"
      : "date(substr(started_at, 1, 23), '+8 hours')";
    const id = mysql ? `CONCAT(${startedOn}, '+', working_days)` : `${startedOn} || '+' || working_days`;
    await run(`UPDATE deadlines SET due_time = ${id}`);
    const dayBefore = mysql
      ? 'MAX(due_at) - INTERVAL 1 DAY'
      : "strftime('%Y-%m-%d %H:%M:%f', substr(MAX(due_at), 1, 23), '-1 day') || ' +00:00'";
    await run(
      `INSERT INTO due_times (id, started_on, working_days, due_at, warn_at, provisional)
       SELECT due_time, MIN(${startedOn}), MIN(working_days), MAX(due_at), ${dayBefore}, MAX(provisional)
       FROM deadlines GROUP BY due_time`,
    );
    await run('ALTER TABLE deadlines ADD COLUMN late TINYINT(1)');
    await run('UPDATE deadlines SET late = CASE WHEN met_at > due_at THEN 1 ELSE 0 END WHERE met_at IS NOT NULL');
    await run(mysql ? 'DROP INDEX deadlines_open ON deadlines' : 'DROP INDEX deadlines_open');
    await run('ALTER TABLE deadlines DROP COLUMN skipped');
    await run('ALTER TABLE deadlines DROP COLUMN provisional');
    await run('CREATE INDEX deadlines_clock ON deadlines (due_time, met_at)');
    await run('CREATE INDEX deadlines_of ON deadlines (subject_id)');
    await run('CREATE INDEX deadlines_late ON deadlines (late, due_at, id)');
  },
};
