/** The life of a licence: when the clock turns it, moves planned for later, versions linked by succession, and what data maintenance
 *  replaced. Data maintenance was recorded as `amend`, which now is 变更; it becomes `maintain`. Frozen: later versions add
 *  migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0024: Migration = {
  name: '0024-licence-life',
  async up(context) {
    const { sequelize, dialect, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    for (const column of [
      'turns_on DATE',
      'predecessor_id VARCHAR(190)',
      'succession_act VARCHAR(190)',
      `succession_basis ${dialect === 'mysql' ? 'LONGTEXT' : 'TEXT'}`,
      `succession_reason ${dialect === 'mysql' ? 'LONGTEXT' : 'TEXT'}`,
    ])
      await run(`ALTER TABLE licences ADD COLUMN ${column}`);
    const dayAfter = dialect === 'mysql' ? 'valid_to + INTERVAL 1 DAY' : "date(valid_to, '+1 day')";
    const own = "state = 'issued' AND source <> 'province'";
    await run(`UPDATE licences SET turns_on = valid_from WHERE ${own} AND status = 'not-yet-effective'`);
    await run(
      `UPDATE licences SET turns_on = ${dayAfter}
       WHERE ${own} AND status IN ('valid', 'suspended') AND valid_to < '9999-12-31'`,
    );
    await run('CREATE INDEX licences_turn ON licences (turns_on, id)');
    await run('CREATE UNIQUE INDEX licences_predecessor ON licences (predecessor_id)');
    await run(`ALTER TABLE licence_changes ADD COLUMN replaced ${dialect === 'mysql' ? 'LONGTEXT' : 'TEXT'}`);
    await run("UPDATE licence_changes SET act = 'maintain' WHERE act = 'amend' AND from_status = to_status");
    await run("UPDATE change_feed SET act = 'maintain' WHERE type = 'licence' AND act = 'amend'");
    await run("UPDATE change_intake SET act = 'maintain' WHERE type = 'licence' AND act = 'amend'");
    await run(`UPDATE subscriptions SET acts = REPLACE(acts, '"amend"', '"maintain"') WHERE acts LIKE '%"amend"%'`);
    await createTable(context, 'planned_moves', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'act TEXT(190) NOT NULL',
        'legal_basis LONGTEXT',
        'reason LONGTEXT',
        'effective_at INSTANT NOT NULL',
        'state TEXT(190) NOT NULL',
        'why LONGTEXT',
        'created_by TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
        'ended_by TEXT(190)',
        'ended_at INSTANT',
      ],
      indexes: ['planned_moves_due(state, effective_at, id)', 'planned_moves_licence(licence_id, state)'],
    });
  },
};
