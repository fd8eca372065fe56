/** Fetch the bytes at an address that a certificate names: bounded in time and size, over HTTP or HTTPS, from that host and
 *  no other. Lists are signed, so the way need not be secret. */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { AddressRefused, hostOf, type InsideHosts, lookUpFor } from './public-address.ts';

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly insideHosts: InsideHosts;
}

export type FetchFault = 'ADDRESS_REFUSED' | 'UNREACHABLE' | 'TIMEOUT' | 'HTTP_STATUS' | 'REDIRECT' | 'TOO_LARGE';
export type Fetched =
  | { readonly bytes: Uint8Array; readonly fault?: undefined }
  | { readonly bytes?: undefined; readonly fault: FetchFault };

const MOST_REDIRECTS = 2;
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** Never rejects: what went wrong is a closed code. */
export async function fetchBytes(address: string, limits: FetchLimits): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  let url = readAddress(address);
  for (let redirects = 0; url && redirects <= MOST_REDIRECTS; redirects += 1) {
    try {
      const answer = await get(url, limits, signal);
      if (!(answer instanceof URL)) return answer;
      if (hostOf(answer) !== hostOf(url)) return { fault: 'REDIRECT' };
      url = readAddress(answer.href);
    } catch (error) {
      if (error instanceof AddressRefused) return { fault: 'ADDRESS_REFUSED' };
      return { fault: signal.aborted ? 'TIMEOUT' : 'UNREACHABLE' };
    }
  }
  return { fault: url ? 'REDIRECT' : 'ADDRESS_REFUSED' };
}

/** Undefined for what is no plain address of HTTP. */
export function readAddress(address: string): URL | undefined {
  const url = address.length <= 2000 && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
  return url.username || url.password ? undefined : url;
}

/** The bytes, a fault, or where we are sent. */
async function get(url: URL, { insideHosts, mostBytes }: FetchLimits, signal: AbortSignal): Promise<Fetched | URL> {
  const own = lookUpFor(url, insideHosts);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const ask = url.protocol === 'https:' ? requestSecure : requestPlain;
    const headers = { accept: 'application/pkix-crl, */*;q=0.5', 'accept-encoding': 'identity' };
    ask(url, { headers, signal, agent: false, ...own }, resolve)
      .on('error', reject)
      .end();
  });
  try {
    const { statusCode, headers } = response;
    if (REDIRECTS.includes(statusCode)) {
      const to = headers.location ?? '';
      return URL.canParse(to, url.href) ? new URL(to, url) : { fault: 'REDIRECT' };
    }
    if (statusCode !== 200) return { fault: 'HTTP_STATUS' };
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > mostBytes) return { fault: 'TOO_LARGE' };
      parts.push(part);
    }
    // a body that was cut off has been given as if it were whole
    return response.complete ? { bytes: new Uint8Array(Buffer.concat(parts)) } : { fault: 'UNREACHABLE' };
  } finally {
    response.destroy();
  }
}
