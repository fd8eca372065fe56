/** The signed line to a provincial library over HTTP: what we say carries our signature over exactly these bytes, what it says
 *  carries its own; anything else is no answer. SM2 with SM3, DER in base64, in one header both ways. */
import type { z } from 'zod';
import type { House } from '../../../models/house.ts';
import { openHouseKey } from '../../../models/seal/index.ts';
import { verifySm2 } from '../../../signing/index.ts';
import { ProvinceAway } from '../connector.ts';

/** Who the provincial library is to us. */
export interface Province {
  /** No trailing slash. */
  readonly url: string;
  /** SubjectPublicKeyInfo, DER: its receipts and lists are verified with it. */
  readonly publicKey: Uint8Array;
}

export const SIGNATURE_HEADER = 'x-zhengku-signature';

/** A text with the province's signature over it, as it came. */
export interface Signed {
  readonly text: string;
  /** Base64. */
  readonly signature: string;
}

export interface HttpLine {
  readonly province: Province;
  /** The signature over the path and query is ours; that over the answer, theirs. Throws `ProvinceAway`. */
  get<T>(target: string, schema: z.ZodType<T>): Promise<T>;
  /** Bytes under their digest, as they lie there; the caller judges them. `sizeBytes`: what they are said to be, for the time
   *  that is given to them. Throws `ProvinceAway`. */
  fetchBytes(target: string, mostBytes: number, sizeBytes: number): Promise<Uint8Array | 'missing' | 'too-large'>;
  /** The answer, signed or not: the caller judges it. Throws `ProvinceAway`.
   *  @param said what our signature is over, where it binds the whole body; left out: the body */
  post(target: string, body: Uint8Array, type: string, said?: Uint8Array): Promise<Signed>;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** A line of half a megabit a second must do. */
const SLOWEST_BYTES_PER_MS = 64;
const LONGEST_REST_MS = 15 * 60_000;
/** 429 and 503 may say for how long (RFC 9110 §10.2.3). */
const RESTS: readonly number[] = [429, 503];
/** Nothing lies there (RFC 9110 §15.5.5, §15.5.11). */
const MISSING: readonly number[] = [404, 410];
/** Something in what we sent; less of it may pass. */
const UNREADABLE: readonly number[] = [400, 413, 422];
const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

export function openHttpLine(house: House, province: Province): HttpLine {
  const call = (target: string, what: Partial<Call> = {}) => request(house, province, { target, ...what });
  return {
    province,
    async get(target, schema) {
      const response = await call(target);
      const text = await readText(response, MOST_ANSWER_BYTES);
      const signature = response.headers.get(SIGNATURE_HEADER) ?? '';
      if (!isOfProvince(province, { text, signature })) throw new ProvinceAway({ detail: 'signature' });
      const parsed = parseJson(schema, text);
      if (parsed === undefined) throw new ProvinceAway({ detail: 'answer' });
      return parsed;
    },
    async fetchBytes(target, mostBytes, sizeBytes) {
      const response = await call(target, { expected: Math.min(sizeBytes, mostBytes), mayBeMissing: true });
      return response.ok ? ((await readBytes(response, mostBytes)) ?? 'too-large') : 'missing';
    },
    async post(target, body, type, said) {
      const response = await call(target, { body, type, said });
      const text = await readText(response, MOST_ANSWER_BYTES);
      return { text, signature: response.headers.get(SIGNATURE_HEADER) ?? '' };
    },
  };
}

export function isOfProvince(province: Province, { text, signature }: Signed): boolean {
  return verifySm2(province.publicKey, Buffer.from(text), new Uint8Array(Buffer.from(signature, 'base64')));
}

export function parseJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** How long a request may last that carries so many bytes, there and back. */
export function timeoutOf(bytes: number): number {
  return REQUEST_TIMEOUT_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS);
}

interface Call {
  readonly target: string;
  readonly body?: Uint8Array | undefined;
  readonly type?: string | undefined;
  /** What our signature is over; the body, or what is asked for. */
  readonly said?: Uint8Array | undefined;
  /** Bytes of the answer, when they are known to be many. */
  readonly expected?: number | undefined;
  /** 404 and 410 are answers. */
  readonly mayBeMissing?: boolean;
}

async function request(house: House, province: Province, call: Call): Promise<Response> {
  const { target, body, type = 'application/json', said = body ?? Buffer.from(`GET ${target}`) } = call;
  const { expected = 0, mayBeMissing = false } = call;
  const { key } = await openHouseKey(house, 'repository', 'SM2');
  const signature = await key.sign(said);
  const headers = { [SIGNATURE_HEADER]: Buffer.from(signature).toString('base64'), 'content-type': type };
  const signal = AbortSignal.timeout(timeoutOf((body?.length ?? 0) + expected));
  const options: RequestInit = body === undefined ? { headers, signal } : { method: 'POST', headers, body, signal };
  const response = await fetch(`${province.url}${target}`, { ...options, redirect: 'error' }).catch(
    (cause: unknown) => {
      throw new ProvinceAway({ cause, detail: (cause as Error).name });
    },
  );
  if (response.ok) return response;
  await response.body?.cancel();
  if (mayBeMissing && MISSING.includes(response.status)) return response;
  const notBefore = restOf(response, house.clock());
  const unreadable = UNREADABLE.includes(response.status);
  throw new ProvinceAway({ detail: `HTTP ${response.status}`, notBefore, unreadable });
}

/** Seconds or an HTTP date; anything else asks for nothing. */
function restOf({ status, headers }: Response, now: Date): Date | undefined {
  const header = headers.get('retry-after');
  if (!RESTS.includes(status) || header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return wait > 0 ? new Date(now.getTime() + Math.min(wait, LONGEST_REST_MS)) : undefined;
}

async function readText(response: Response, most: number): Promise<string> {
  const bytes = await readBytes(response, most);
  // An endless answer is none.
  if (!bytes) throw new ProvinceAway({ detail: 'too large' });
  return Buffer.from(bytes).toString('utf8');
}

/** Undefined when there are more. */
async function readBytes(response: Response, most: number): Promise<Uint8Array | undefined> {
  if (Number(response.headers.get('content-length') ?? 0) > most) {
    await response.body?.cancel();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += (chunk as Uint8Array).length;
      if (size > most) return undefined;
      chunks.push(chunk as Uint8Array);
    }
  } catch (cause) {
    throw new ProvinceAway({ cause, detail: (cause as Error).name });
  }
  return Buffer.concat(chunks);
}
