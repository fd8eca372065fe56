/** The library's own tree of digests. Triggers note every subject that is written, whoever writes it; before an answer what
 *  was noted is looked at: the digest is taken again from the record and the files that are really there, so that rows planted or
 *  altered by hand show. */
import type Libsql from 'libsql';
import {
  type BookRecord,
  type HeldRecord,
  nodeKey,
  placeOf,
  rebuildTree,
  SQL_TREE,
  type TreeNode,
  type TreePlan,
  type TreeRows,
  updateTree,
} from '../../../models/digest-tree/index.ts';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';

export interface LibraryTree {
  /** Of all departments. */
  roots(): TreeNode[];
  /** Those of the keys that are inner nodes or roots. */
  nodes(keys: readonly string[]): TreeNode[];
  /** Everything below these keys. */
  records(keys: readonly string[]): HeldRecord[];
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS tree_records (body TEXT NOT NULL, place TEXT NOT NULL, subject TEXT NOT NULL, subject_type TEXT NOT NULL,
  subject_id TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL, fold INTEGER NOT NULL, PRIMARY KEY (body, place, subject));
CREATE TABLE IF NOT EXISTS tree_nodes (node TEXT PRIMARY KEY, body TEXT NOT NULL, prefix TEXT NOT NULL, is_root INTEGER NOT NULL,
  records INTEGER NOT NULL, digest TEXT NOT NULL, children TEXT);
CREATE INDEX IF NOT EXISTS tree_nodes_roots ON tree_nodes (is_root, body);
CREATE TABLE IF NOT EXISTS tree_marks (id INTEGER PRIMARY KEY, subject TEXT NOT NULL);
`;

const noteAt = (table: string, event: string, row: 'OLD' | 'NEW') =>
  `CREATE TRIGGER IF NOT EXISTS note_${table}_${event}_${row} AFTER ${event} ON ${table} BEGIN INSERT INTO tree_marks (subject) VALUES (${row}.subject); END;`;
const TRIGGERS = ['subjects', 'subject_files']
  .flatMap((table) => [
    noteAt(table, 'INSERT', 'NEW'),
    noteAt(table, 'UPDATE', 'NEW'),
    noteAt(table, 'UPDATE', 'OLD'),
    noteAt(table, 'DELETE', 'OLD'),
  ])
  .join('\n');

const MARKS_AT_ONCE = 5000;
const PAGE = 5000;

/** Of a database whose tables `subjects` and `subject_files` are there. A library from before there was a tree gets one now. */
export function openTree(database: Libsql.Database): LibraryTree {
  database.exec(SCHEMA);
  growFirst(database);
  database.exec(TRIGGERS);
  const fold = () => foldMarks(database);
  return {
    roots() {
      fold();
      return runPlan(database, SQL_TREE.listRoots());
    },
    nodes(keys) {
      fold();
      const found = runPlan(database, SQL_TREE.loadNodes(keys));
      return keys.flatMap((key) => found.get(key) ?? []);
    },
    records(keys) {
      fold();
      const records = runPlan(database, SQL_TREE.loadRecords(keys));
      return records.map(({ subject, sequence, digest }) => ({ subject, sequence, digest }));
    },
  };
}

function growFirst(database: Libsql.Database): void {
  const isEmpty = (table: string) => database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).all().length === 0;
  if (!isEmpty('tree_records') || isEmpty('subjects')) return;
  const some = database.prepare(
    'SELECT subject, sequence, digest FROM subjects WHERE subject > ? ORDER BY subject LIMIT ?',
  );
  together(database, () => {
    for (let after = ''; ; ) {
      const held = some.all(after, PAGE) as HeldRecord[];
      runPlan(database, SQL_TREE.putRecords(held.map(toBook)));
      after = held.at(-1)?.subject ?? '';
      if (held.length < PAGE) break;
    }
    runPlan(database, rebuildTree(SQL_TREE));
  });
}

const toBook = ({ subject, sequence, digest }: HeldRecord): BookRecord => ({
  ...{ subject, sequence, digest, subjectType: subject.startsWith('licence:') ? 'licence' : 'catalogue' },
  ...{ subjectId: '', fold: 0 },
});

/** Synchronous from beginning to end: nothing else of this process comes between. */
function foldMarks(database: Libsql.Database): void {
  const some = database.prepare('SELECT id, subject FROM tree_marks ORDER BY id LIMIT ?');
  for (;;) {
    const marks = some.all(MARKS_AT_ONCE) as { id: number; subject: string }[];
    const last = marks.at(-1)?.id;
    if (last === undefined) return;
    together(database, () => {
      const subjects = [...new Set(marks.map(({ subject }) => subject))];
      const held = subjects.flatMap((subject) => lookAt(database, subject) ?? []);
      const there = new Set(held.map(({ subject }) => subject));
      runPlan(database, SQL_TREE.putRecords(held.map(toBook)));
      runPlan(database, SQL_TREE.removeRecords(subjects.filter((subject) => !there.has(subject))));
      runPlan(database, updateTree(SQL_TREE, subjects.map(placeOf)));
      database.prepare('DELETE FROM tree_marks WHERE id <= ?').run(last);
    });
  }
}

/** What is really held: the digest is that of the record and the files there. */
function lookAt(database: Libsql.Database, subject: string): HeldRecord | undefined {
  const find = database.prepare('SELECT sequence, digest, record FROM subjects WHERE subject = ?');
  const [row] = find.all(subject) as { sequence: number; digest: string; record: string }[];
  if (!row) return undefined;
  const files = database.prepare('SELECT name, sm3 FROM subject_files WHERE subject = ? ORDER BY name').all(subject);
  const digest = digestOf(row.record, files as { name: string; sm3: string }[]);
  if (digest !== row.digest) database.prepare('UPDATE subjects SET digest = ? WHERE subject = ?').run(digest, subject);
  return { subject, sequence: row.sequence, digest };
}

function digestOf(record: string, files: readonly { readonly name: string; readonly sm3: string }[]): string {
  try {
    return sm3Hex(
      canonicalJson({ record: JSON.parse(record) as unknown, files: files.map(({ name, sm3 }) => ({ name, sm3 })) }),
    );
  } catch {
    return sm3Hex('unreadable\n', record);
  }
}

function runPlan<T>(database: Libsql.Database, plan: TreePlan<T>): T {
  let step = plan.next();
  while (!step.done) {
    const statement = database.prepare(step.value.sql);
    const isQuery = step.value.sql.startsWith('SELECT');
    const rows = isQuery ? (statement.all(...step.value.values) as TreeRows) : [];
    if (!isQuery) statement.run(...step.value.values);
    step = plan.next(rows);
  }
  return step.value;
}

function together(database: Libsql.Database, act: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    act();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** As it travels. */
export function describeNode({ body, prefix, count, digest, children }: TreeNode) {
  return { key: nodeKey({ body, prefix }), count, digest, children };
}
