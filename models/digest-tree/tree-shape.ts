/** The tree of digests by which city and province compare what they hold: one tree a department, so that its root is
 *  the department's own digest. The shape follows from the records alone – a node with more than 32 records is parted by the
 *  next hex digit of their places – so both sides grow the same tree without ever agreeing on its size. */
import { sm3Hex } from '../kernel/digest.ts';

export interface HeldRecord {
  /** `licence:<identifier>` or `catalogue:<code>`. */
  readonly subject: string;
  readonly sequence: number;
  /** SM3, hex, of what is held. */
  readonly digest: string;
}

export interface TreePlace {
  /** Department: issuer in the identifier, or owner in the catalogue code; empty for a subject that names none. */
  readonly body: string;
  /** First 48 bits of the subject's SM3, hex. */
  readonly place: string;
}

export type PlacedRecord = HeldRecord & TreePlace;

/** A child as its parent knows it. */
export interface TreeEntry {
  /** The hex digit that leads to it; of a department its code. */
  readonly label: string;
  readonly count: number;
  readonly digest: string;
  /** It has children of its own; otherwise it is a leaf. */
  readonly inner: boolean;
}

export interface TreeNode {
  readonly body: string;
  /** Leading hex digits of the places below. */
  readonly prefix: string;
  readonly count: number;
  readonly digest: string;
  /** In the order of their labels; null of a leaf. */
  readonly children: readonly TreeEntry[] | null;
}

/** Most records of a leaf. */
export const LEAF_MOST = 32;
const PLACE_LENGTH = 12;

const IDENTIFIER = /^licence:1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.([0-9A-Z]{6,18})\./;
const ENTRY_CODE = /^catalogue:([0-9A-Z]{18})\d{3}$/;

export function placeOf(subject: string): TreePlace {
  const body = (IDENTIFIER.exec(subject) ?? ENTRY_CODE.exec(subject))?.[1] ?? '';
  return { body, place: sm3Hex(subject).slice(0, PLACE_LENGTH) };
}

/** `<body>/<prefix>`: how a node is named between the two sides. */
export function nodeKey({ body, prefix }: Pick<TreeNode, 'body' | 'prefix'>): string {
  return `${body}/${prefix}`;
}

export function readNodeKey(key: string): Pick<TreeNode, 'body' | 'prefix'> {
  const [body = '', prefix = ''] = key.split('/', 2);
  return { body, prefix };
}

export function mayPart(count: number, prefix: string): boolean {
  return count > LEAF_MOST && prefix.length < PLACE_LENGTH;
}

export function digestLeaf(records: readonly HeldRecord[]): string {
  const lines = records.map(({ subject, sequence, digest }) => JSON.stringify([subject, sequence, digest])).sort();
  return sm3Hex('leaf\n', lines.join('\n'));
}

export function digestInner(children: readonly TreeEntry[]): string {
  return sm3Hex('node\n', children.map(({ label, count, digest }) => `${label} ${count} ${digest}`).join('\n'));
}

export interface Subtree {
  /** Undefined when there is no record. */
  readonly entry: TreeEntry | undefined;
  /** Its inner nodes, the topmost last. */
  readonly nodes: readonly TreeNode[];
}

/** Grow what belongs below a prefix from all its records. */
export function growSubtree(body: string, prefix: string, records: readonly PlacedRecord[]): Subtree {
  const label = prefix.slice(-1);
  if (records.length === 0) return { entry: undefined, nodes: [] };
  if (!mayPart(records.length, prefix))
    return { entry: { label, count: records.length, digest: digestLeaf(records), inner: false }, nodes: [] };
  const groups = new Map<string, PlacedRecord[]>();
  for (const record of records) {
    const digit = record.place.charAt(prefix.length);
    const group = groups.get(digit);
    if (group) group.push(record);
    else groups.set(digit, [record]);
  }
  const below = [...groups].map(([digit, group]) => growSubtree(body, prefix + digit, group));
  const node = joinChildren(
    body,
    prefix,
    below.flatMap(({ entry }) => entry ?? []),
  );
  return { entry: entryOf(node), nodes: [...below.flatMap(({ nodes }) => nodes), node] };
}

export function joinChildren(body: string, prefix: string, given: readonly TreeEntry[]): TreeNode {
  const children = [...given].sort((a, b) => (a.label < b.label ? -1 : 1));
  const count = children.reduce((sum, child) => sum + child.count, 0);
  return { body, prefix, count, digest: digestInner(children), children };
}

export function entryOf({ prefix, count, digest, children }: TreeNode): TreeEntry {
  return { label: prefix.slice(-1), count, digest, inner: children !== null };
}
