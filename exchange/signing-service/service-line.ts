/** The way to a signing service: JSON over HTTP, each request with the service's token or signed by the repository.
 *  Bounded in time and size, from the address that was asked and no other. */
import { z } from 'zod';
import type { Clock } from '../../models/kernel/clock.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { RandomBytes } from '../../models/kernel/ids.ts';
import type { SigningKey } from '../../signing/index.ts';

export interface ServiceLine {
  /** No trailing slash. */
  readonly url: string;
  /** The headers by which the service knows us. */
  readonly authorise: Authorise;
  readonly random: RandomBytes;
  /** For all attempts together, in milliseconds; left out: 10 seconds. */
  readonly timeoutMs?: number;
}

/** @param target path and query as they are sent */
export type Authorise = (
  method: 'GET' | 'POST',
  target: string,
  body: string,
) => Promise<Readonly<Record<string, string>>>;

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 256 * 1024;
const ATTEMPTS = 2;
const BUSY: readonly number[] = [408, 429];
const codeSchema = z.object({
  code: z
    .string()
    .max(60)
    .regex(/^[A-Z0-9_]+$/),
});

/** A secret that both sides know. */
export function byToken(token: string): Authorise {
  return async () => ({ authorization: `Bearer ${token}` });
}

/** SM2 over time, nonce, target and body, so that nothing can be altered or sent again. */
export function bySignature(key: SigningKey, clock: Clock, random: RandomBytes): Authorise {
  return async (method, target, body) => {
    const time = clock().toISOString();
    const nonce = Buffer.from(random(16)).toString('hex');
    const signature = await key.sign(Buffer.from(`${time}\n${nonce}\n${method} ${target}\n${body}`));
    const encoded = Buffer.from(signature).toString('base64');
    return { 'x-zhengku-time': time, 'x-zhengku-nonce': nonce, 'x-zhengku-signature': encoded };
  };
}

/** GET what the service has at `path`. Rejects as `ask`. */
export function read<T>(line: ServiceLine, path: string, schema: z.ZodType<T>): Promise<T> {
  return attempt(line, 'GET', path, undefined, schema);
}

/** POST a request with an id of its own; the service answers the same id the same, so a connection that fails is tried
 *  once more. Rejects with KEY_SERVICE_UNAVAILABLE (try again later) or KEY_SERVICE_REFUSED (its `detail` says why). */
export function ask<T>(
  line: ServiceLine,
  path: string,
  facts: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<T> {
  const requestId = Buffer.from(line.random(16)).toString('hex');
  return attempt(line, 'POST', path, JSON.stringify({ requestId, ...facts }), schema);
}

async function attempt<T>(
  line: ServiceLine,
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  schema: z.ZodType<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(line.timeoutMs ?? TIMEOUT_MS);
  for (let count = 1; ; count += 1) {
    try {
      const result = schema.safeParse(await once(line, method, path, body, signal));
      if (result.success) return result.data;
      throw new Fault('KEY_SERVICE_REFUSED', { detail: 'ANSWER' });
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      if (signal.aborted || count === ATTEMPTS) throw new Fault('KEY_SERVICE_UNAVAILABLE', { cause });
    }
  }
}

async function once(
  line: ServiceLine,
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const address = `${line.url}${path}`;
  const { pathname, search } = new URL(address);
  const own = await line.authorise(method, `${pathname}${search}`, body ?? '');
  const headers = { ...own, accept: 'application/json', 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body };
  const response = await fetch(address, { method, headers, signal, redirect: 'manual', ...content });
  try {
    const { status } = response;
    if (status >= 500 || BUSY.includes(status))
      throw new Fault('KEY_SERVICE_UNAVAILABLE', { detail: `HTTP ${status}` });
    const answer = parse(await readBody(response));
    if (status === 200) return answer;
    throw new Fault('KEY_SERVICE_REFUSED', { detail: codeSchema.safeParse(answer).data?.code ?? `HTTP ${status}` });
  } finally {
    // what is left unread would keep the connection; after an end or a failure there is nothing to cancel
    if (response.body && !response.body.locked) await response.body.cancel().catch(() => undefined);
  }
}

async function readBody(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // leaving the loop early cancels the rest
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) throw new Fault('KEY_SERVICE_REFUSED', { detail: 'TOO_LARGE' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
