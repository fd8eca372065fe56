/** Supervision remembers since when something is refused, which clocks have their finding, what was drawn and signed, and that one demand
 *  for paper is reported once. Frozen: later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0034: Migration = {
  name: '0034-supervision-marks',
  async up(context) {
    const { sequelize, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    for (const sql of [...rememberRefusals(context), ...markClocks(context), ...countOnce(context)]) await run(sql);
    await run('ALTER TABLE supervision_reports ADD COLUMN pdf_signed TINYINT(1)');
    await createTable(context, 'order_documents', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'order_id TEXT(40) NOT NULL',
        'round BIGINT NOT NULL',
        'digest TEXT(64) NOT NULL',
        'signed BOOLEAN NOT NULL',
        'drawn_at INSTANT NOT NULL',
      ],
      indexes: ['order_documents_of(order_id, round)'],
    });
  },
};

/** The first refusal, since which nothing was taken. */
function rememberRefusals({ dialect }: MigrationContext): string[] {
  const instant = dialect === 'mysql' ? 'DATETIME(3)' : 'DATETIME';
  return [
    `ALTER TABLE applied_rows ADD COLUMN refused_since ${instant}`,
    'UPDATE applied_rows SET refused_since = applied_at WHERE receipt_state = 3',
    `ALTER TABLE province_states ADD COLUMN failing VARCHAR(10)`,
    `ALTER TABLE province_states ADD COLUMN failing_since ${instant}`,
    `UPDATE province_states SET failing = state, failing_since = COALESCE(since, updated_at)
     WHERE state IN ('held', 'refused')`,
    'CREATE INDEX province_states_failing ON province_states (failing, failing_since)',
    `ALTER TABLE front_ends ADD COLUMN silent_since ${instant}`,
    'UPDATE front_ends SET silent_since = waiting_since WHERE last_error IS NOT NULL',
  ];
}

/** Clocks that have their finding are not gone through again. */
function markClocks(_: MigrationContext): string[] {
  return [
    'ALTER TABLE deadlines ADD COLUMN found TINYINT(1) NOT NULL DEFAULT 0',
    'UPDATE deadlines SET found = 1 WHERE id IN (SELECT once_key FROM supervision_findings WHERE clock = 1)',
    'CREATE INDEX deadlines_unfound ON deadlines (late, found, id)',
    'CREATE INDEX order_findings_by ON order_findings (finding_id)',
    `UPDATE supervision_findings SET order_id =
       (SELECT MAX(order_id) FROM order_findings WHERE order_findings.finding_id = supervision_findings.id)
     WHERE order_id IS NULL`,
  ];
}

/** Of several reports of one demand the first keeps the key. */
function countOnce({ dialect }: MigrationContext): string[] {
  const parts = ['holder_id', 'organisation_code', 'catalogue_code', 'asked_on'];
  const key = dialect === 'mysql' ? `CONCAT_WS('|', ${parts.join(', ')})` : parts.join(" || '|' || ");
  return [
    'ALTER TABLE paper_reports ADD COLUMN once_key VARCHAR(190)',
    `UPDATE paper_reports SET once_key = ${key} WHERE id IN (SELECT id FROM (
       SELECT MIN(id) AS id FROM paper_reports WHERE state IN ('filed', 'confirmed') GROUP BY ${parts.join(', ')}
     ) firsts)`,
    'CREATE UNIQUE INDEX paper_reports_once ON paper_reports (once_key)',
    'ALTER TABLE paper_requests ADD COLUMN once_key VARCHAR(190)',
    'CREATE UNIQUE INDEX paper_requests_once ON paper_requests (once_key)',
  ];
}
