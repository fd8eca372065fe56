/** The tree of a provincial library over its signed HTTP line. An answer must be signed, answer this question and no other, and
 *  agree with itself: children that do not make their node's digest, or records of another place, are no answer. */
import { z } from 'zod';
import { digestInner, placeOf, type TreeEntry } from '../../models/digest-tree/index.ts';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { type HttpLine, isOfProvince, parseJson } from '../province/http/line.ts';
import type { ProvinceTree, TreeNodeView } from './province-tree.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const question = { nonce: z.string(), nodes: z.array(z.string()) };
const entry = z.object({ label: z.string().regex(/^[0-9a-f]$/), count: z.int().min(1), digest, inner: z.boolean() });
const node = z.object({ key: z.string(), count: z.int(), digest, children: z.array(entry).max(16).nullable() });
const nodesSchema = z.object({ ...question, found: z.array(node) });
const record = z.object({ subject: z.string().max(400), sequence: z.int(), digest: z.string().max(64) });
const recordsSchema = z.object({ ...question, records: z.array(record) });
const withdrawnSchema = z.object({
  withdrawalId: z.string(),
  items: z.array(z.object({ subject: z.string(), outcome: z.enum(['withdrawn', 'absent', 'differs']) })),
});

export function openHttpTree(house: House, line: HttpLine): ProvinceTree {
  const ask = async <T extends { nonce: string; nodes: readonly string[] }>(
    path: string,
    keys: readonly string[],
    schema: z.ZodType<T>,
  ): Promise<T> => {
    const nonce = house.newId();
    const answer = await line.get(`${path}?${new URLSearchParams({ nodes: keys.join(','), nonce })}`, schema);
    // An old answer, however well signed, answers another question.
    if (answer.nonce !== nonce || answer.nodes.join(',') !== keys.join(',')) throw disbelieved('another question');
    return answer;
  };
  const askNodes = async (keys: readonly string[]) => {
    const { found } = await ask('/api/tree', keys, nodesSchema);
    found.forEach(requireOwnDigest);
    return found;
  };
  return {
    async roots() {
      const found = await askNodes([]);
      if (found.some(({ key }) => !/^[0-9A-Z]{0,18}\/$/.test(key))) throw disbelieved('roots');
      return found;
    },
    async nodes(keys) {
      const found = await askNodes(keys);
      if (found.some(({ key }) => !keys.includes(key))) throw disbelieved('nodes');
      return found;
    },
    async records(keys) {
      const { records } = await ask('/api/leaves', keys, recordsSchema);
      const asked = new Set(keys);
      const seen = new Set(records.map(({ subject }) => subject));
      if (seen.size < records.length || !records.every(({ subject }) => liesBelow(asked, subject)))
        throw disbelieved('records');
      return records;
    },
    async withdraw(items) {
      const withdrawalId = house.newId();
      const body = { withdrawalId, sentAt: house.clock().toISOString(), items };
      const answer = await line.post('/api/withdrawals', Buffer.from(JSON.stringify(body)), 'application/json');
      const parsed = isOfProvince(line.province, answer) ? parseJson(withdrawnSchema, answer.text) : undefined;
      if (parsed?.withdrawalId !== withdrawalId) throw disbelieved('withdrawal');
      return new Map(parsed.items.map(({ subject, outcome }) => [subject, outcome]));
    },
  };
}

function disbelieved(what: string): Fault {
  return new Fault('PROVINCE_UNAVAILABLE', { detail: `tree: ${what}` });
}

function requireOwnDigest({ count, digest: own, children }: TreeNodeView): void {
  if (!children) return;
  const sorted = [...children].sort((a: TreeEntry, b: TreeEntry) => (a.label < b.label ? -1 : 1));
  const sum = sorted.reduce((total, child) => total + child.count, 0);
  if (sum !== count || digestInner(sorted) !== own) throw disbelieved('digest of a node');
}

function liesBelow(keys: ReadonlySet<string>, subject: string): boolean {
  const { body, place } = placeOf(subject);
  for (let length = 0; length <= place.length; length += 1)
    if (keys.has(`${body}/${place.slice(0, length)}`)) return true;
  return false;
}
