/** A batch to the province over HTTP: one signed request, one signed receipt. Files go only when it says that it has not got
 *  them; then the items that waited for them are sent once more. */
import type { House } from '../../../models/house.ts';
import {
  ProvinceAway,
  type ProvinceFile,
  type ProvinceMessage,
  type ProvinceOutcome,
  type ReceiptProof,
  type Sent,
} from '../connector.ts';
import type { HttpLine } from './line.ts';
import { type ReadReceipt, type ReceiptItem, readReceipt } from './read-receipt.ts';
import { sendFiles } from './send-files.ts';

interface Gathered {
  readonly outcomes: Map<string, ProvinceOutcome>;
  readonly receipts: ReceiptProof[];
  readonly unbelieved: string[];
}

export async function sendMessages(house: House, line: HttpLine, messages: readonly ProvinceMessage[]): Promise<Sent> {
  const gathered: Gathered = { outcomes: new Map(), receipts: [], unbelieved: [] };
  await sendSplitting(house, line, messages, gathered);
  return gathered;
}

/** What the province cannot read is sent in halves, so that one item it chokes on holds up no other. */
async function sendSplitting(
  house: House,
  line: HttpLine,
  messages: readonly ProvinceMessage[],
  gathered: Gathered,
): Promise<void> {
  try {
    await sendWhole(house, line, messages, gathered);
  } catch (error) {
    if (!(error instanceof ProvinceAway) || !error.unreadable) throw error;
    const [only] = messages;
    if (only && messages.length === 1) {
      gathered.outcomes.set(only.subject, { outcome: 'delayed', reason: error.detail ?? error.code });
      return;
    }
    const middle = Math.ceil(messages.length / 2);
    await sendSplitting(house, line, messages.slice(0, middle), gathered);
    await sendSplitting(house, line, messages.slice(middle), gathered);
  }
}

async function sendWhole(
  house: House,
  line: HttpLine,
  messages: readonly ProvinceMessage[],
  gathered: Gathered,
): Promise<void> {
  const wanting = takeIn(await post(house, line, messages), messages, gathered);
  if (wanting.size === 0) return;
  const held = await sendFiles(line, [...wanting.values()].flat());
  const again = messages.filter(({ subject, files }) => {
    if (!wanting.has(subject)) return false;
    const cause = files.map(({ sm3 }) => held.get(sm3)).find((one) => one !== undefined);
    if (cause) gathered.outcomes.set(subject, { outcome: 'held', reason: cause.message, mayMend: cause.mayMend });
    return !cause;
  });
  if (again.length === 0) return;
  const still = takeIn(await post(house, line, again), again, gathered);
  for (const subject of still.keys()) gathered.outcomes.set(subject, { outcome: 'delayed', reason: 'FILES_WANTED' });
}

async function post(house: House, line: HttpLine, messages: readonly ProvinceMessage[]): Promise<ReadReceipt> {
  const batchId = house.newId();
  const items = messages.map(({ subject, kind, sequence, digest, record, files }) => ({
    ...{ subject, kind, sequence, digest, record },
    files: files.map(({ name, sm3 }) => ({ name, sm3 })),
  }));
  const body = Buffer.from(JSON.stringify({ batchId, sentAt: house.clock().toISOString(), items }));
  const answer = await line.post('/api/batches', body, 'application/json');
  return readReceipt(line.province, answer, batchId, house.newId(), messages);
}

/** Keeps what the receipt decides. Gives the files that are wanted, by subject: never one that the item does not name. */
function takeIn(
  { items, proof, unbelieved }: ReadReceipt,
  messages: readonly ProvinceMessage[],
  gathered: Gathered,
): Map<string, readonly ProvinceFile[]> {
  const wanting = new Map<string, readonly ProvinceFile[]>();
  let decides = false;
  for (const { subject, files } of messages) {
    const item = items.get(subject);
    const outcome = item && toOutcome(item, proof.receiptId);
    if (outcome) {
      gathered.outcomes.set(subject, outcome);
      decides = true;
    } else if (item) {
      const wanted = files.filter(({ sm3 }) => item.wanted?.includes(sm3));
      if (wanted.length > 0) wanting.set(subject, wanted);
    }
  }
  if (decides) gathered.receipts.push(proof);
  gathered.unbelieved.push(...unbelieved);
  return wanting;
}

function toOutcome({ outcome, reason, heldSequence = 0 }: ReceiptItem, receiptId: string): ProvinceOutcome | undefined {
  if (outcome === 'accepted') return { outcome, receiptId };
  if (outcome === 'stale') return { outcome, heldSequence, receiptId };
  return outcome === 'refused' ? { outcome, reason: reason ?? 'REFUSED', receiptId } : undefined;
}
