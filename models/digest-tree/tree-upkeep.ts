/** Keep a tree of digests true to its records: what lies below a changed place is grown again, and the nodes above it; nothing
 *  else is read or written. City and reference province keep theirs by the same rules. */
import {
  entryOf,
  growSubtree,
  joinChildren,
  mayPart,
  nodeKey,
  type PlacedRecord,
  readNodeKey,
  type TreeEntry,
  type TreeNode,
  type TreePlace,
} from './tree-shape.ts';

/** A statement with `?` for its values. */
export interface TreeStatement {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}
export type TreeRows = readonly Readonly<Record<string, unknown>>[];

/** What is to be done, statement by statement; whoever has the connection runs it, waiting or not. */
export type TreePlan<T> = Generator<TreeStatement, T, TreeRows>;

/** Where a tree lies. A plan runs within one transaction. */
export interface TreeStore {
  /** Roots and inner nodes by their key; the other leaves live in their parents. */
  loadNodes(keys: readonly string[]): TreePlan<ReadonlyMap<string, TreeNode>>;
  /** All records below these keys, which do not lie below each other. */
  loadRecords(keys: readonly string[]): TreePlan<PlacedRecord[]>;
  /** The first records below a key. */
  loadSome(key: string, limit: number): TreePlan<PlacedRecord[]>;
  saveNodes(nodes: readonly TreeNode[]): TreePlan<void>;
  dropNodes(keys: readonly string[]): TreePlan<void>;
  dropAllNodes(): TreePlan<void>;
  listBodies(): TreePlan<string[]>;
}

/** After the records at these places were written or removed. */
export function* updateTree(store: TreeStore, changed: readonly TreePlace[]): TreePlan<void> {
  if (changed.length === 0) return;
  const { above, targets } = yield* findTargets(store, changed);
  const groups = groupBelow(targets, yield* store.loadRecords([...targets]));
  const entries = new Map<string, TreeEntry | undefined>();
  const saved = new Map<string, TreeNode>();
  const dropped: string[] = [];
  for (const [key, records] of groups) growAt(key, records, entries, saved, dropped);
  // From the lowest upwards: each node is joined when all below it stand.
  for (const node of [...above].sort((a, b) => b.prefix.length - a.prefix.length)) {
    const key = nodeKey(node);
    const joined = joinChildren(node.body, node.prefix, replaceChildren(node, entries));
    if (mayPart(joined.count, node.prefix)) {
      saved.set(key, joined);
      entries.set(key, entryOf(joined));
      continue;
    }
    dropped.push(key);
    growAt(key, joined.count > 0 ? yield* store.loadRecords([key]) : [], entries, saved, dropped);
  }
  yield* store.dropNodes(dropped);
  yield* store.saveNodes([...saved.values()]);
}

interface Targets {
  /** Inner nodes on the way to what changed. */
  readonly above: readonly TreeNode[];
  /** Keys of the leaves in which something changed. */
  readonly targets: ReadonlySet<string>;
}

function* findTargets(store: TreeStore, changed: readonly TreePlace[]): TreePlan<Targets> {
  const above: TreeNode[] = [];
  const targets = new Set<string>();
  let level = new Map<string, string[]>();
  for (const { body, place } of changed) addTo(level, nodeKey({ body, prefix: '' }), place);
  while (level.size > 0) {
    const nodes = yield* store.loadNodes([...level.keys()]);
    const next = new Map<string, string[]>();
    for (const [key, places] of level) {
      const node = nodes.get(key);
      if (!node?.children) {
        targets.add(key);
        continue;
      }
      above.push(node);
      for (const place of places) {
        const label = place.charAt(node.prefix.length);
        const child = node.children.find((one) => one.label === label);
        if (child?.inner) addTo(next, key + label, place);
        else targets.add(key + label);
      }
    }
    level = next;
  }
  return { above, targets };
}

function addTo(groups: Map<string, string[]>, key: string, value: string): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Each target with its records; one that has none any more is there too. */
function groupBelow(targets: ReadonlySet<string>, records: readonly PlacedRecord[]): Map<string, PlacedRecord[]> {
  const groups = new Map<string, PlacedRecord[]>([...targets].map((key) => [key, []]));
  for (const record of records) {
    for (let length = 0; length <= record.place.length; length += 1) {
      const group = groups.get(`${record.body}/${record.place.slice(0, length)}`);
      if (!group) continue;
      group.push(record);
      break;
    }
  }
  return groups;
}

function growAt(
  key: string,
  records: readonly PlacedRecord[],
  entries: Map<string, TreeEntry | undefined>,
  saved: Map<string, TreeNode>,
  dropped: string[],
): void {
  const { body, prefix } = readNodeKey(key);
  const { entry, nodes } = growSubtree(body, prefix, records);
  entries.set(key, entry);
  for (const node of nodes) saved.set(nodeKey(node), node);
  if (prefix !== '') return;
  // A department's root is kept whatever it is.
  if (!entry) dropped.push(key);
  else if (!entry.inner) saved.set(key, { body, prefix, count: entry.count, digest: entry.digest, children: null });
}

function replaceChildren(node: TreeNode, entries: ReadonlyMap<string, TreeEntry | undefined>): TreeEntry[] {
  const key = nodeKey(node);
  const children = new Map((node.children ?? []).map((child) => [child.label, child]));
  for (const label of '0123456789abcdef') {
    if (!entries.has(key + label)) continue;
    const entry = entries.get(key + label);
    if (entry) children.set(label, entry);
    else children.delete(label);
  }
  return [...children.values()];
}

/** Grown at once in memory; above that, part by part. */
const GROWN_AT_ONCE = 5000;
const SAVED_AT_ONCE = 500;

/** Grow everything again from the records: after they were loaded in bulk, or when the nodes are doubted. */
export function* rebuildTree(store: TreeStore): TreePlan<void> {
  yield* store.dropAllNodes();
  let waiting: TreeNode[] = [];
  const save = function* (nodes: readonly TreeNode[], least: number): TreePlan<void> {
    waiting.push(...nodes);
    if (waiting.length < least) return;
    yield* store.saveNodes(waiting);
    waiting = [];
  };
  const grow = function* (body: string, prefix: string): TreePlan<TreeEntry | undefined> {
    const records = yield* store.loadSome(nodeKey({ body, prefix }), GROWN_AT_ONCE + 1);
    if (records.length <= GROWN_AT_ONCE) {
      const { entry, nodes } = growSubtree(body, prefix, records);
      yield* save(nodes, SAVED_AT_ONCE);
      return entry;
    }
    const children: TreeEntry[] = [];
    for (const label of '0123456789abcdef') {
      const entry = yield* grow(body, prefix + label);
      if (entry) children.push(entry);
    }
    const node = joinChildren(body, prefix, children);
    yield* save([node], SAVED_AT_ONCE);
    return entryOf(node);
  };
  for (const body of yield* store.listBodies()) {
    const root = yield* grow(body, '');
    if (root && !root.inner)
      yield* save([{ body, prefix: '', count: root.count, digest: root.digest, children: null }], SAVED_AT_ONCE);
  }
  yield* save([], 0);
}
