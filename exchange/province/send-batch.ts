/** One signed request with several items; one signed receipt for each. Only a receipt that verifies decides anything. */
import { z } from 'zod';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { openHouseKey } from '../../models/seal/index.ts';
import { verifySm2 } from '../../signing/index.ts';
import { type Province, type ProvinceMessage, type ProvinceReceipt, SIGNATURE_HEADER } from './province.ts';
import { isResting, noteRetryAfter } from './rest.ts';

export type RepositoryKey = Awaited<ReturnType<typeof openHouseKey>>;

export interface SignedReceipt {
  readonly receipt: ProvinceReceipt;
  /** As it came: text and signature, to be kept as proof. */
  readonly proof: { readonly text: string; readonly signature: string };
}

const REQUEST_TIMEOUT_MS = 30_000;

const answerSchema = z.object({ receipts: z.array(z.object({ text: z.string(), signature: z.string() })) });
const receiptSchema = z.object({
  batchId: z.string(),
  subject: z.string(),
  sequence: z.int(),
  digest: z.string(),
  outcome: z.enum(['accepted', 'stale', 'refused']),
  reason: z.string().optional(),
  receivedAt: z.string(),
});

/** Receipts by subject: only those that are signed by the province and speak of what was sent.
 *  Throws `PROVINCE_UNAVAILABLE` when there is no answer to judge. */
export async function sendBatch(
  house: House,
  province: Province,
  key: RepositoryKey,
  items: readonly ProvinceMessage[],
): Promise<ReadonlyMap<string, SignedReceipt>> {
  const batchId = house.newId();
  const body = JSON.stringify({ batchId, sentAt: house.clock().toISOString(), items });
  const text = await request(house, province, key, '/api/batches', body);
  const receipts = new Map<string, SignedReceipt>();
  for (const proof of parse(answerSchema, text)?.receipts ?? []) {
    const receipt = readReceipt(province, proof);
    const item = items.find(({ subject }) => subject === receipt?.subject);
    const same =
      item && receipt?.sequence === item.sequence && receipt.digest === item.digest && receipt.batchId === batchId;
    if (receipt && same) receipts.set(receipt.subject, { receipt, proof });
  }
  return receipts;
}

function readReceipt(province: Province, { text, signature }: SignedReceipt['proof']): ProvinceReceipt | undefined {
  const signed = verifySm2(province.publicKey, Buffer.from(text), new Uint8Array(Buffer.from(signature, 'base64')));
  const receipt = signed ? parse(receiptSchema, text) : undefined;
  if (!receipt) return undefined;
  const { reason, ...rest } = receipt;
  return reason === undefined ? rest : { ...rest, reason };
}

/** POST a body, or GET without one; what is signed is the body, or the request line. */
export async function request(
  house: House,
  province: Province,
  key: RepositoryKey,
  target: string,
  body?: string,
): Promise<string> {
  if (isResting(province.url, house.clock())) throw new Fault('PROVINCE_UNAVAILABLE', { detail: 'Retry-After' });
  const signature = await key.key.sign(Buffer.from(body ?? `GET ${target}`));
  const headers = { [SIGNATURE_HEADER]: Buffer.from(signature).toString('base64'), 'content-type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(
      `${province.url}${target}`,
      body === undefined ? { headers, signal } : { method: 'POST', headers, body, signal },
    );
    const text = await response.text();
    noteRetryAfter(province.url, response.status, response.headers.get('retry-after'), house.clock());
    if (!response.ok) throw new Fault('PROVINCE_UNAVAILABLE', { detail: `HTTP ${response.status}` });
    if (body === undefined) requireSignature(province, response.headers.get(SIGNATURE_HEADER), text);
    return text;
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('PROVINCE_UNAVAILABLE', { cause });
  }
}

/** A list is signed as a whole. */
function requireSignature(province: Province, header: string | null, text: string): void {
  const signature = new Uint8Array(Buffer.from(header ?? '', 'base64'));
  if (!verifySm2(province.publicKey, Buffer.from(text), signature))
    throw new Fault('PROVINCE_UNAVAILABLE', { detail: 'signature' });
}

export function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
