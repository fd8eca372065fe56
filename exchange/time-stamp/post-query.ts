/** One query over HTTP, one reply: bounded in time and size, from the address that was asked and no other. */
import { Fault } from '../../models/kernel/fault.ts';

export type Fetch = typeof globalThis.fetch;

const QUERY = 'application/timestamp-query';
const REPLY = 'application/timestamp-reply';
/** A token with a long chain has 10 kB. */
const MOST_BYTES = 128 * 1024;
const ATTEMPTS = 2;
const BUSY: readonly number[] = [408, 429];

/** Body of the reply. A connection that fails is tried once more: asking again changes nothing at the authority.
 *  Rejects with TIME_STAMP_UNAVAILABLE or TIME_STAMP_REFUSED.
 * @param timeoutMs for all attempts together */
export async function postQuery(fetch: Fetch, url: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await postOnce(fetch, url, body, signal);
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      if (signal.aborted || attempt === ATTEMPTS) throw new Fault('TIME_STAMP_UNAVAILABLE', { cause });
    }
  }
}

async function postOnce(fetch: Fetch, url: string, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const headers = { 'content-type': QUERY, accept: REPLY };
  const response = await fetch(url, {
    ...{ method: 'POST', headers, body: new Uint8Array(body), signal },
    redirect: 'manual',
  });
  try {
    const { status } = response;
    if (status >= 500 || BUSY.includes(status)) throw new Fault('TIME_STAMP_UNAVAILABLE', { detail: `HTTP ${status}` });
    if (status !== 200) throw new Fault('TIME_STAMP_REFUSED', { detail: `HTTP ${status}` });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== REPLY) throw new Fault('TIME_STAMP_REFUSED', { detail: 'CONTENT_TYPE' });
    return await readBody(response);
  } finally {
    // what is left unread would keep the connection; after an end or a failure there is nothing to cancel
    if (response.body && !response.body.locked) await response.body.cancel().catch(() => undefined);
  }
}

async function readBody(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // leaving the loop early cancels the rest
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) throw new Fault('TIME_STAMP_REFUSED', { detail: 'TOO_LARGE' });
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
