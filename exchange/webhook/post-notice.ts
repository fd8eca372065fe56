/** Post a notice to its receiver: over a connection of its own, to an address judged when it was looked up, led on by nobody,
 *  within 15 seconds; of the answer only its status and its beginning are taken in. */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Outcome } from '../../models/subscription/index.ts';
import { AddressRefused, type InsideHosts, lookUpFor } from '../revocation/public-address.ts';

export interface PostLimits {
  readonly insideHosts: InsideHosts;
  /** Left out: 15 seconds. */
  readonly timeoutMs?: number;
}

export interface Posted {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly excerpt: string | null;
  /** The header `Retry-After` of an answer that refuses. */
  readonly retryAfter?: string;
}

const TIMEOUT_MS = 15_000;
const EXCERPT_BYTES = 1024;

/** Never rejects. */
export async function postNotice(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { insideHosts, timeoutMs = TIMEOUT_MS }: PostLimits,
): Promise<Posted> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(url, headers, body, insideHosts, signal);
    const status = response.statusCode ?? 0;
    const outcome = judge(status);
    const retryAfter = outcome === 'HTTP_STATUS' ? response.headers['retry-after'] : undefined;
    const excerpt = await readExcerpt(response);
    return { outcome, status, excerpt, ...(retryAfter === undefined ? {} : { retryAfter }) };
  } catch (error) {
    const outcome = error instanceof AddressRefused ? 'ADDRESS_REFUSED' : signal.aborted ? 'TIMEOUT' : 'UNREACHABLE';
    return { outcome, status: null, excerpt: null };
  }
}

function judge(status: number): Outcome {
  if (status >= 200 && status < 300) return 'DELIVERED';
  if (status === 410) return 'GONE';
  return status >= 300 && status < 400 ? 'REDIRECT' : 'HTTP_STATUS';
}

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  insideHosts: InsideHosts,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const own = lookUpFor(url, insideHosts);
  const ask = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    ask(url, { method: 'POST', headers: { ...headers, ...length }, signal, agent: false, ...own }, resolve)
      .on('error', reject)
      .end(body);
  });
}

/** The status has been given: a body that breaks off or never ends changes nothing. */
async function readExcerpt(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= EXCERPT_BYTES) break;
    }
  } catch {
    // What has come is the excerpt.
  } finally {
    response.destroy();
  }
  // Half a character at the cut becomes a sign of three bytes: those go first.
  return Buffer.concat(parts)
    .subarray(0, EXCERPT_BYTES)
    .toString('utf8')
    .replaceAll(/[\0\uFFFD]/g, '');
}
