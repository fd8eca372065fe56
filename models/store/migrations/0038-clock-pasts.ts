/** How clocks stood before they were told otherwise is kept, so that a report of a period that has ended says what was at its end. Frozen:
 *  later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0038: Migration = {
  name: '0038-clock-pasts',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await createTable(context, 'clock_pasts', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'deadline_id TEXT(190) NOT NULL',
        'opened_at INSTANT NOT NULL',
        'due_at INSTANT NOT NULL',
        'met_at INSTANT',
        'until INSTANT NOT NULL',
      ],
      indexes: ['clock_pasts_of(deadline_id, until)'],
    });
    const id = dialect === 'mysql' ? "CONCAT(id, ':')" : "id || ':'";
    await run(`INSERT INTO clock_pasts (id, deadline_id, opened_at, due_at, met_at, until)
      SELECT ${id}, id, opened_at, due_at, NULL, withdrawn_at FROM deadlines WHERE withdrawn_at IS NOT NULL`);
    await run('CREATE INDEX supervision_findings_of ON supervision_findings (subject_id)');
  },
};
