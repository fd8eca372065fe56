/** Ids are a parameter: 26 characters, time first, so that rows made together lie together. */
import type { Clock } from './clock.ts';

export type NewId = () => string;
/** Cryptographically strong random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes as base-32 text without look-alike letters (I, L, O, U); 5 bits a character, the rest dropped. */
export function toBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31];
    }
  }
  return text;
}

/** 10 characters of milliseconds and 16 of randomness. Ids of one process sort as they were made, also within one
 *  millisecond and when the clock is set back: messages and reviews are read in this order. */
export function makeNewId(clock: Clock, random: RandomBytes): NewId {
  let lastTime = 0;
  let lastTail = '';
  return () => {
    const now = clock().getTime();
    const tail = now > lastTime ? toBase32(random(10)) : nextText(lastTail);
    // The tail ran over: the next millisecond is borrowed.
    lastTime = Math.max(now, tail ? lastTime : lastTime + 1);
    lastTail = tail ?? toBase32(random(10));
    return timeText(lastTime) + lastTail;
  };
}

/** When an id was made, in milliseconds. */
export function readIdTime(id: string): number {
  return [...id.slice(0, 10)].reduce((time, letter) => time * 32 + ALPHABET.indexOf(letter), 0);
}

/** What sorts before all ids of this moment and after those of the moments before. */
export function timeToId(milliseconds: number): string {
  return timeText(Math.max(0, milliseconds));
}

function timeText(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The text that follows in the order of the alphabet; undefined after the last of its length. */
function nextText(text: string): string | undefined {
  const end = /Z*$/.exec(text)?.[0].length ?? 0;
  const at = text.length - end - 1;
  if (at < 0) return undefined;
  return text.slice(0, at) + ALPHABET.charAt(ALPHABET.indexOf(text.charAt(at)) + 1) + '0'.repeat(end);
}
