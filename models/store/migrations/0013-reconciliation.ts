/** City and province are compared by trees of digests: the book of what the province has confirmed, its tree, what is still to be
 *  folded in, what is to be looked at, and the signed daily statements. Frozen: later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0013: Migration = {
  name: '0013-reconciliation',
  async up(context) {
    const run = runIn(context);
    await createTable(context, 'tree_records', {
      columns: [
        'body VARCHAR(18) NOT NULL',
        'place VARCHAR(12) NOT NULL',
        'subject VARCHAR(190) NOT NULL',
        'subject_type VARCHAR(20) NOT NULL',
        'subject_id VARCHAR(190) NOT NULL',
        'sequence BIGINT NOT NULL',
        'digest VARCHAR(64) NOT NULL',
        'fold BIGINT NOT NULL',
        'PRIMARY KEY (body, place, subject)',
      ],
    });
    await createTable(context, 'tree_nodes', {
      columns: [
        'node VARCHAR(40) NOT NULL PRIMARY KEY',
        'body VARCHAR(18) NOT NULL',
        'prefix VARCHAR(12) NOT NULL',
        'is_root BOOLEAN NOT NULL',
        'records BIGINT NOT NULL',
        'digest VARCHAR(64) NOT NULL',
        'children LONGTEXT',
      ],
      indexes: ['tree_nodes_roots(is_root, body)'],
    });
    await createTable(context, 'tree_marks', {
      columns: [
        'id SEQUENCE',
        'subject TEXT(190)',
        'subject_type TEXT(20) NOT NULL',
        'subject_id TEXT(190) NOT NULL',
        'sequence BIGINT',
        'digest TEXT(64)',
      ],
    });
    await createTable(context, 'tree_suspects', {
      columns: [
        'id SEQUENCE',
        'subject TEXT(190) NOT NULL',
        'subject_type TEXT(20) NOT NULL',
        'subject_id TEXT(190) NOT NULL',
        'cause TEXT(20) NOT NULL',
      ],
    });
    await createTable(context, 'tree_state', {
      columns: ['id BIGINT NOT NULL PRIMARY KEY', 'folds BIGINT NOT NULL', 'changes_seen TEXT(190) NOT NULL'],
    });
    await run("INSERT INTO tree_state (id, folds, changes_seen) VALUES (1, 0, '')");
    await createTable(context, 'province_statements', {
      columns: [
        'day VARCHAR(10) NOT NULL PRIMARY KEY',
        'text LONGTEXT NOT NULL',
        'signature LONGTEXT NOT NULL',
        'certificate LONGTEXT NOT NULL',
        'digest TEXT(64) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
    });
    await run('ALTER TABLE province_comparisons ADD COLUMN outcome VARCHAR(20)');
    await run(`ALTER TABLE province_comparisons ADD COLUMN facts LONGTEXT`);
    await markWhatIsConfirmed(context);
    await guardTables(context);
  },
};

function runIn({ sequelize, transaction }: MigrationContext): (sql: string) => Promise<unknown> {
  return (sql) => sequelize.query(sql, transaction ? { transaction } : {});
}

/** What the province has confirmed until now is folded in by the first comparison. */
async function markWhatIsConfirmed(context: MigrationContext): Promise<void> {
  await runIn(context)(`INSERT INTO tree_marks (subject_type, subject_id, sequence, digest)
    SELECT subject_type, subject_id, acknowledged_sequence, digest FROM province_states
    WHERE acknowledged_sequence > 0 AND digest IS NOT NULL`);
}

/** Whoever removes an issued licence by hand, or alters it without a step of its sequence, is noticed by the database itself. The
 *  product does neither, so nothing is paid for it. A server that knows no triggers, or allows this account none, goes without;
 *  each statement says which. */
async function guardTables({ sequelize, dialect, transaction }: MigrationContext): Promise<void> {
  const mysql = dialect === 'mysql';
  const same = mysql ? '<=>' : 'IS';
  const subject = mysql ? "CONCAT('licence:', OLD.identifier)" : "'licence:' || OLD.identifier";
  const note = (cause: string) =>
    `INSERT INTO tree_suspects (subject, subject_type, subject_id, cause) VALUES (${subject}, 'licence', OLD.id, '${cause}')`;
  const columns = [
    'identifier',
    'state',
    'status',
    'fields',
    'issuing_body',
    'licence_number',
    'valid_from',
    'valid_to',
  ];
  const altered = columns.map((column) => `NEW.${column} ${same} OLD.${column}`).join(' AND ');
  const issued = "OLD.identifier IS NOT NULL AND OLD.state = 'issued'";
  const silently = `${issued} AND (NEW.sequence < OLD.sequence OR (NEW.sequence = OLD.sequence AND NOT (${altered})))`;
  const guard = (name: string, event: string, when: string, act: string) =>
    mysql
      ? `CREATE TRIGGER ${name} AFTER ${event} ON licences FOR EACH ROW BEGIN IF ${when} THEN ${act}; END IF; END`
      : `CREATE TRIGGER ${name} AFTER ${event} ON licences WHEN ${when} BEGIN ${act}; END`;
  const options = transaction ? { transaction } : {};
  try {
    await sequelize.query(guard('licences_removed', 'DELETE', issued, note('removed')), options);
    await sequelize.query(guard('licences_altered', 'UPDATE', silently, note('altered')), options);
  } catch (error) {
    if (!mysql) throw error;
  }
}
