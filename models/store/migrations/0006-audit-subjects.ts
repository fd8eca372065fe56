/** Further licences and holders of an entry of the access log, so that an entry about several is found by each. Entries
 *  that were written before keep their lists in `details`; those are copied. Frozen. */
import { QueryTypes } from 'sequelize';
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0006: Migration = {
  name: '0006-audit-subjects',
  async up(context) {
    await createTable(context, 'audit_subjects', {
      columns: [
        'kind TEXT(16) NOT NULL',
        'value TEXT(190) NOT NULL',
        'seq BIGINT NOT NULL',
        'PRIMARY KEY (kind, value, seq)',
      ],
      indexes: ['audit_subjects_seq(seq)'],
    });
    await copyLists(context);
  },
};

const PAGE = 1000;

async function copyLists({ sequelize, transaction }: MigrationContext): Promise<void> {
  const options = transaction ? { transaction } : {};
  const sql = `SELECT seq, details FROM audit_entries
    WHERE seq > ? AND details LIKE '%"licenceIds":%' ORDER BY seq LIMIT ${PAGE}`;
  for (let after = 0; ; ) {
    const rows = await sequelize.query<{ seq: number | string; details: string }>(sql, {
      ...options,
      replacements: [after],
      type: QueryTypes.SELECT,
    });
    for (const { seq, details } of rows) {
      after = Number(seq);
      const { licenceIds } = JSON.parse(details) as { licenceIds?: unknown };
      for (const value of new Set(Array.isArray(licenceIds) ? licenceIds.map(String) : [])) {
        const insert = "INSERT INTO audit_subjects (kind, value, seq) VALUES ('licence', ?, ?)";
        await sequelize.query(insert, { ...options, replacements: [value, after] });
      }
    }
    if (rows.length < PAGE) return;
  }
}
