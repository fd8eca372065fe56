/** When a receiver asks to be tried again: `Retry-After` (RFC 9110 §10.2.3), seconds or a date of HTTP. */

/** A receiver may ask for no more. */
const LONGEST_MS = 3_600_000;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Undefined when nothing is asked for that lies ahead. */
export function readRetryAfter(header: string | undefined, now: Date): Date | undefined {
  const text = header?.trim() ?? '';
  const asked = /^\d{1,9}$/.test(text) ? now.getTime() + Number(text) * 1000 : HTTP_DATE.test(text) && Date.parse(text);
  if (!asked || asked <= now.getTime()) return undefined;
  return new Date(Math.min(asked, now.getTime() + LONGEST_MS));
}
