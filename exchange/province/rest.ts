/** When the province asks to be left alone for a while (429 or 503 with Retry-After, RFC 9110 §10.2.3) nobody knocks until
 *  then. Kept by each process for itself. */

const LONGEST_MS = 15 * 60_000;
const ASKS: readonly number[] = [429, 503];
/** By address: not before this instant, in milliseconds. */
const until = new Map<string, number>();

/** @param header seconds or an HTTP date; anything else asks for nothing */
export function noteRetryAfter(url: string, status: number, header: string | null, now: Date): void {
  if (!ASKS.includes(status) || header === null) return;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  if (wait > 0) until.set(url, now.getTime() + Math.min(wait, LONGEST_MS));
}

export function isResting(url: string, now: Date): boolean {
  const end = until.get(url);
  if (end !== undefined && now.getTime() >= end) until.delete(url);
  return until.has(url);
}
