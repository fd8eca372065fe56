/** Walk down both trees where they differ, level by level, and give what lies in the leaves that differ. Nothing else is read. */
import { type HeldRecord, nodeKey, type TreeEntry, type TreeNode } from '../../models/digest-tree/index.ts';
import { readCityNodes, readCityRecords, readCityRoots } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { MOST_KEYS, type ProvinceTree, type TreeNodeView } from './province-tree.ts';

/** What was read, both sides together. */
export interface Reads {
  nodes: number;
  records: number;
}

export interface Roots {
  readonly ours: readonly TreeNodeView[];
  readonly theirs: readonly TreeNodeView[];
}

export interface Differing {
  readonly subject: string;
  /** As the book has it. */
  readonly ours: HeldRecord | undefined;
  readonly theirs: HeldRecord | undefined;
}

/** A place where the sides differ, with what each knows of it. */
interface Pair {
  readonly key: string;
  readonly ours: Side;
  readonly theirs: Side;
}
type Side = Pick<TreeEntry, 'count' | 'digest' | 'inner'> | undefined;

const LABELS = [...'0123456789abcdef'];

export async function readRoots(house: House, tree: ProvinceTree, reads: Reads): Promise<Roots> {
  const theirs = await tree.roots();
  const ours = (await readCityRoots(house)).map(viewNode);
  reads.nodes += ours.length + theirs.length;
  return { ours, theirs };
}

/** In portions that fit into memory. */
export async function* findDiffering(
  house: House,
  tree: ProvinceTree,
  roots: Roots,
  reads: Reads,
): AsyncGenerator<Differing[]> {
  let level = pairRoots(roots);
  while (level.length > 0) {
    const next: Pair[] = [];
    const leaves: string[] = [];
    for (const part of inParts(level)) {
      const inner = part.filter(({ ours, theirs }) => ours?.inner || theirs?.inner);
      const opened = await open(house, tree, inner, reads);
      next.push(...opened.pairs);
      leaves.push(...opened.leaves, ...part.flatMap((pair) => (inner.includes(pair) ? [] : [pair.key])));
    }
    for (const keys of inParts(leaves)) yield await readLeaves(house, tree, keys, reads);
    level = next;
  }
}

function pairRoots({ ours, theirs }: Roots): Pair[] {
  const sideOf = (nodes: readonly TreeNodeView[]) =>
    new Map(nodes.map(({ key, count, digest, children }) => [key, { count, digest, inner: children !== null }]));
  const [here, there] = [sideOf(ours), sideOf(theirs)];
  return [...new Set([...here.keys(), ...there.keys()])]
    .map((key) => ({ key, ours: here.get(key), theirs: there.get(key) }))
    .filter(isDifferent);
}

function isDifferent({ ours, theirs }: Pair): boolean {
  return ours?.digest !== theirs?.digest || ours?.count !== theirs?.count;
}

async function open(house: House, tree: ProvinceTree, pairs: readonly Pair[], reads: Reads) {
  const keysOf = (side: 'ours' | 'theirs') => pairs.flatMap((pair) => (pair[side]?.inner ? [pair.key] : []));
  const theirKeys = keysOf('theirs');
  const theirs = theirKeys.length > 0 ? await tree.nodes(theirKeys) : [];
  const ours = (await readCityNodes(house, keysOf('ours'))).map(viewNode);
  reads.nodes += ours.length + theirs.length;
  const find = (nodes: readonly TreeNodeView[]) => new Map(nodes.map((node) => [node.key, node.children]));
  const [here, there] = [find(ours), find(theirs)];
  const found: Pair[] = [];
  const leaves: string[] = [];
  for (const pair of pairs) {
    const { key } = pair;
    const [a, b] = [here.get(key), there.get(key)];
    // Grown together meanwhile: what is there is read.
    if (!a && !b) leaves.push(key);
    else found.push(...pairChildren(pair, a, b));
  }
  return { pairs: found, leaves };
}

/** What lies below a leaf: which digits its records go on with it does not say. */
const BELOW_LEAF: Side = { count: -1, digest: '', inner: false };

function pairChildren(
  { key, ours, theirs }: Pair,
  a: readonly TreeEntry[] | null | undefined,
  b: readonly TreeEntry[] | null | undefined,
): Pair[] {
  const childOf = (side: Side, children: readonly TreeEntry[] | null | undefined) => {
    const known = byLabel(children);
    return (label: string): Side => (!children && side ? BELOW_LEAF : known.get(label));
  };
  const [here, there] = [childOf(ours, a), childOf(theirs, b)];
  return LABELS.map((label) => ({ key: key + label, ours: here(label), theirs: there(label) })).filter(isDifferent);
}

function byLabel(children: readonly TreeEntry[] | null | undefined): Map<string, TreeEntry> {
  return new Map((children ?? []).map((child) => [child.label, child]));
}

async function readLeaves(house: House, tree: ProvinceTree, keys: readonly string[], reads: Reads) {
  // Theirs first: what they confirm meanwhile is known by the book's own mark.
  const theirs = new Map((await tree.records(keys)).map((one) => [one.subject, one]));
  const ours = new Map((await readCityRecords(house, keys)).map((one) => [one.subject, one]));
  reads.records += ours.size + theirs.size;
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((subject): Differing => ({ subject, ours: ours.get(subject), theirs: theirs.get(subject) }))
    .filter(({ ours: a, theirs: b }) => a?.sequence !== b?.sequence || a?.digest !== b?.digest);
}

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += MOST_KEYS) yield all.slice(from, from + MOST_KEYS);
}

function viewNode({ body, prefix, count, digest, children }: TreeNode): TreeNodeView {
  return { key: nodeKey({ body, prefix }), count, digest, children };
}
