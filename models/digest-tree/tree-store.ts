/** A tree of digests in a database: its records in the order of their places, its inner nodes with their children in them. Words
 *  that MySQL-protocol servers and SQLite share; whoever opens it says how a statement is run. */
import {
  type HeldRecord,
  nodeKey,
  type PlacedRecord,
  placeOf,
  readNodeKey,
  type TreeEntry,
  type TreeNode,
} from './tree-shape.ts';
import type { TreePlan, TreeRows, TreeStatement, TreeStore } from './tree-upkeep.ts';

/** A record with what the holder's own book wants to know beside it. */
export interface BookRecord extends HeldRecord {
  readonly subjectType: 'licence' | 'catalogue';
  /** Licence id or catalogue code. */
  readonly subjectId: string;
  /** Which folding brought it. */
  readonly fold: number;
}

export interface SqlTree extends TreeStore {
  /** The roots of all departments, in the order of their codes. */
  listRoots(): TreePlan<TreeNode[]>;
  putRecords(records: readonly BookRecord[]): TreePlan<void>;
  removeRecords(subjects: readonly string[]): TreePlan<void>;
  findRecords(subjects: readonly string[]): TreePlan<Map<string, BookRecord>>;
}

const RANGES_AT_ONCE = 100;
const ROWS_AT_ONCE = 500;
/** After every hex digit. */
const END = 'g';

const RECORD = 'body, place, subject, sequence, digest';
const BOOK = 'subject, subject_type AS subjectType, subject_id AS subjectId, sequence, digest, fold';
const NODE = 'body, prefix, records, digest, children';

function* run(sql: string, values: TreeStatement['values']): TreePlan<TreeRows> {
  return yield { sql, values };
}

const EXACT = '(body = ? AND place = ? AND subject = ?)';
const valuesOf = (subject: string) => {
  const { body, place } = placeOf(subject);
  return [body, place, subject];
};

const RECORDS: Pick<SqlTree, 'putRecords' | 'removeRecords' | 'findRecords'> = {
  *putRecords(records) {
    for (const part of parts(records, ROWS_AT_ONCE)) {
      const rows = part.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ');
      const values = part.flatMap(({ subject, subjectType, subjectId, sequence, digest, fold }) => [
        ...valuesOf(subject),
        ...[subjectType, subjectId, sequence, digest, fold],
      ]);
      const columns = 'body, place, subject, subject_type, subject_id, sequence, digest, fold';
      yield* run(`REPLACE INTO tree_records (${columns}) VALUES ${rows}`, values);
    }
  },
  *removeRecords(subjects) {
    for (const part of parts(subjects, RANGES_AT_ONCE))
      yield* run(`DELETE FROM tree_records WHERE ${part.map(() => EXACT).join(' OR ')}`, part.flatMap(valuesOf));
  },
  *findRecords(subjects) {
    const found = new Map<string, BookRecord>();
    for (const part of parts(subjects, RANGES_AT_ONCE)) {
      const where = part.map(() => EXACT).join(' OR ');
      const rows = yield* run(`SELECT ${BOOK} FROM tree_records WHERE ${where}`, part.flatMap(valuesOf));
      for (const row of rows.map(toBookRecord)) found.set(row.subject, row);
    }
    return found;
  },
};

/** Plans for the tables `tree_records` and `tree_nodes`, the same on every database. */
export const SQL_TREE: SqlTree = {
  *loadNodes(keys) {
    const nodes = new Map<string, TreeNode>();
    for (const part of parts(keys, ROWS_AT_ONCE)) {
      const rows = yield* run(`SELECT ${NODE} FROM tree_nodes WHERE node IN (${marks(part.length)})`, part);
      for (const node of rows.map(toNode)) nodes.set(nodeKey(node), node);
    }
    return nodes;
  },
  *loadRecords(keys) {
    const found: PlacedRecord[] = [];
    for (const part of parts(keys, RANGES_AT_ONCE)) {
      const where = part.map(() => '(body = ? AND place >= ? AND place < ?)').join(' OR ');
      const rows = yield* run(`SELECT ${RECORD} FROM tree_records WHERE ${where}`, part.flatMap(rangeOf));
      found.push(...rows.map(toRecord));
    }
    return found;
  },
  *loadSome(key, limit) {
    const where = 'body = ? AND place >= ? AND place < ? ORDER BY body, place';
    const rows = yield* run(`SELECT ${RECORD} FROM tree_records WHERE ${where} LIMIT ${limit}`, rangeOf(key));
    return rows.map(toRecord);
  },
  *saveNodes(nodes) {
    for (const part of parts(nodes, ROWS_AT_ONCE)) {
      const rows = part.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
      const values = part.flatMap((node) => [
        ...[nodeKey(node), node.body, node.prefix, node.prefix === '' ? 1 : 0],
        ...[node.count, node.digest, node.children && writeChildren(node.children)],
      ]);
      yield* run(
        `REPLACE INTO tree_nodes (node, body, prefix, is_root, records, digest, children) VALUES ${rows}`,
        values,
      );
    }
  },
  *dropNodes(keys) {
    for (const part of parts(keys, ROWS_AT_ONCE))
      yield* run(`DELETE FROM tree_nodes WHERE node IN (${marks(part.length)})`, part);
  },
  *dropAllNodes() {
    yield* run('DELETE FROM tree_nodes', []);
  },
  *listBodies() {
    const rows = yield* run('SELECT DISTINCT body FROM tree_records ORDER BY body', []);
    return rows.map(({ body }) => String(body));
  },
  *listRoots() {
    return (yield* run(`SELECT ${NODE} FROM tree_nodes WHERE is_root = 1 ORDER BY body`, [])).map(toNode);
  },
  ...RECORDS,
};

function rangeOf(key: string): string[] {
  const { body, prefix } = readNodeKey(key);
  return [body, prefix, prefix + END];
}

function* parts<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

const marks = (count: number) => Array(count).fill('?').join(', ');

type SqlRow = Readonly<Record<string, unknown>>;

const toRecord = ({ body, place, subject, sequence, digest }: SqlRow): PlacedRecord => ({
  ...{ body: String(body), place: String(place), subject: String(subject) },
  ...{ sequence: Number(sequence), digest: String(digest) },
});

const toBookRecord = ({ subject, subjectType, subjectId, sequence, digest, fold }: SqlRow): BookRecord => ({
  ...{ subject: String(subject), subjectType: subjectType === 'licence' ? 'licence' : 'catalogue' },
  ...{ subjectId: String(subjectId), sequence: Number(sequence), digest: String(digest), fold: Number(fold) },
});

const toNode = ({ body, prefix, records, digest, children }: SqlRow): TreeNode => ({
  ...{ body: String(body), prefix: String(prefix), count: Number(records), digest: String(digest) },
  children: children === null ? null : readChildren(String(children)),
});

/** `label count digest inner` by child: shorter and quicker than JSON, and there are many. */
const writeChildren = (children: readonly TreeEntry[]) =>
  children.map(({ label, count, digest, inner }) => `${label} ${count} ${digest} ${inner ? 1 : 0}`).join('\n');

function readChildren(text: string): TreeEntry[] {
  return text.split('\n').map((line) => {
    const [label = '', count, digest = '', inner] = line.split(' ');
    return { label, count: Number(count), digest, inner: inner === '1' };
  });
}
