/** The receipt of a batch: one signature, and an outcome for each item. What it says of an item counts only when it speaks of
 *  exactly what was sent; everything else is not believed, and says why. */
import { z } from 'zod';
import { isWellFormed } from '../../../models/kernel/well-formed.ts';
import type { ProvinceMessage, ReceiptProof } from '../connector.ts';
import { isOfProvince, type Province, parseJson, type Signed } from './line.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const receiptSchema = z.object({
  batchId: z.string(),
  receivedAt: z.string(),
  items: z.array(
    z.object({
      subject: z.string(),
      sequence: z.int(),
      digest,
      outcome: z.enum(['accepted', 'stale', 'refused', 'files-wanted']),
      reason: z.string().max(1000).optional(),
      /** stale: what is held instead. */
      heldSequence: z.int().optional(),
      /** files-wanted: digests that are not held there. */
      wanted: z.array(digest).max(100).optional(),
    }),
  ),
});
export type BatchReceipt = z.infer<typeof receiptSchema>;
export type ReceiptItem = BatchReceipt['items'][number];

export interface ReadReceipt {
  /** By subject; only what is believed. */
  readonly items: ReadonlyMap<string, ReceiptItem>;
  readonly proof: ReceiptProof;
  readonly unbelieved: readonly string[];
}

export function readReceipt(
  province: Province,
  answer: Signed,
  batchId: string,
  receiptId: string,
  messages: readonly ProvinceMessage[],
): ReadReceipt {
  const proof = { receiptId, batchId, ...answer };
  const none = (cause: string) => ({ items: new Map<string, ReceiptItem>(), proof, unbelieved: [cause] });
  if (!isOfProvince(province, answer)) return none('FORGED');
  const receipt = parseJson(receiptSchema, answer.text);
  if (!receipt) return none('UNREADABLE');
  if (receipt.batchId !== batchId) return none('OTHER_BATCH');
  const sent = new Map(messages.map((message) => [message.subject, message]));
  const items = new Map<string, ReceiptItem>();
  const unbelieved: string[] = [];
  const twice = findTwice(receipt.items);
  for (const item of receipt.items) {
    const cause = twice.has(item.subject) ? 'TWO_OUTCOMES' : findLie(item, sent.get(item.subject));
    if (cause) unbelieved.push(`${cause} ${item.subject}`);
    else items.set(item.subject, item);
  }
  return { items, proof, unbelieved };
}

function findTwice(items: readonly ReceiptItem[]): Set<string> {
  const seen = new Set<string>();
  return new Set(items.map(({ subject }) => subject).filter((subject) => seen.has(subject) || !seen.add(subject)));
}

function findLie(item: ReceiptItem, message: ProvinceMessage | undefined): string | undefined {
  if (!message) return 'OTHER_SUBJECT';
  if (!isWellFormed(item)) return 'UNREADABLE';
  if (item.sequence !== message.sequence) return 'OTHER_SEQUENCE';
  if (item.digest !== message.digest) return 'OTHER_DIGEST';
  if (item.outcome === 'stale' && (item.heldSequence ?? 0) <= message.sequence) return 'STALE_WITHOUT_NEWER';
  return undefined;
}
