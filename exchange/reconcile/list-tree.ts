/** A tree over a province that keeps none but can list what it holds: grown on our side of the line, in memory, for one
 *  comparison. It reads everything once, so what it costs follows from the size; about 300 bytes a record. */
import {
  growSubtree,
  type HeldRecord,
  nodeKey,
  type PlacedRecord,
  placeOf,
  readNodeKey,
  type TreeNode,
} from '../../models/digest-tree/index.ts';
import type { ProvinceTree, TreeNodeView } from './province-tree.ts';

/** @param list all that is held, in any order; read anew by each comparison */
export function makeListTree(list: () => AsyncIterable<HeldRecord>, withdraw: ProvinceTree['withdraw']): ProvinceTree {
  let bodies = new Map<string, PlacedRecord[]>();
  let nodes = new Map<string, TreeNodeView>();
  const view = ({ body, prefix, count, digest, children }: TreeNode): TreeNodeView => ({
    ...{ key: nodeKey({ body, prefix }), count, digest, children },
  });
  return {
    async roots() {
      bodies = new Map();
      nodes = new Map();
      for await (const record of list()) {
        const placed = { ...record, ...placeOf(record.subject) };
        const group = bodies.get(placed.body);
        if (group) group.push(placed);
        else bodies.set(placed.body, [placed]);
      }
      return [...bodies].flatMap(([body, records]) => {
        records.sort((a, b) => (a.place < b.place ? -1 : 1));
        const grown = growSubtree(body, '', records);
        for (const one of grown.nodes) nodes.set(nodeKey(one), view(one));
        const { entry } = grown;
        if (!entry) return [];
        const key = nodeKey({ body, prefix: '' });
        return [nodes.get(key) ?? { key, count: entry.count, digest: entry.digest, children: null }];
      });
    },
    nodes: (keys) => Promise.resolve(keys.flatMap((key) => nodes.get(key) ?? [])),
    records: (keys) =>
      Promise.resolve(
        keys.flatMap((key) => {
          const { body, prefix } = readNodeKey(key);
          const records = bodies.get(body) ?? [];
          return slice(records, prefix).map(({ subject, sequence, digest }) => ({ subject, sequence, digest }));
        }),
      ),
    withdraw,
  };
}

/** Those whose places begin so; ordered by place. */
function slice(records: readonly PlacedRecord[], prefix: string): readonly PlacedRecord[] {
  const first = (wanted: string) => {
    let [low, high] = [0, records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((records[middle]?.place ?? '') < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return records.slice(first(prefix), first(`${prefix}g`));
}
