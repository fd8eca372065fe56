/** What tracing, archives of consumers and the counting of batches look for in many rows; and promises that the version before had
 *  stopped looking at. Frozen: later versions add migrations beside it. */
import type { Migration, MigrationContext } from './migration.ts';

export const migration0032: Migration = {
  name: '0032-indexes-and-unwatched',
  async up(context) {
    const { sequelize, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await run('CREATE INDEX uses_body ON uses (organisation_code, created_at)');
    await run('CREATE INDEX copies_use ON copies (use_id)');
    await run('CREATE INDEX licences_plain_number ON licences (licence_number)');
    await run('CREATE INDEX licences_body_case ON licences (issuing_body, case_number)');
    for (const sql of watchAgain(context)) await run(sql);
  },
};

/** Open promises of which something was never told to be late: the clock looks at them again from when that was to be warned of. It tells
 *  what is still to be told, each once. */
function watchAgain({ dialect }: MigrationContext): string[] {
  const mysql = dialect === 'mysql';
  const warned = (day: string) => (mysql ? `DATE_SUB(${day}, INTERVAL 3 DAY)` : `date(${day}, '-3 days')`);
  const body = mysql ? "CONCAT('body:', commitments.issuing_body)" : "'body:' || commitments.issuing_body";
  const untold = (day: string) => `NOT EXISTS (SELECT 1 FROM notices n WHERE n.recipient = ${body}
    AND n.kind = 'commitment.late' AND n.subject_id = commitments.id AND n.stage = CAST(${day} AS CHAR))`;
  const earliest = `(SELECT MIN(${warned('i.due_on')}) FROM commitment_items i
    WHERE i.licence_id = commitments.id AND i.arrived_at IS NULL AND ${untold('i.due_on')})`;
  const rectify = warned('commitments.rectify_by');
  return [
    `UPDATE commitments SET next_on = ${rectify}
     WHERE state = 'open' AND next_on IS NULL AND rectify_by IS NOT NULL AND ${untold('commitments.rectify_by')}`,
    `UPDATE commitments SET next_on = ${earliest}
     WHERE state = 'open' AND (next_on IS NULL OR (next_on = ${rectify} AND next_on > ${earliest}))`,
  ];
}
