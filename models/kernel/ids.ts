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

/** 10 characters of milliseconds and 16 of randomness. */
export function makeNewId(clock: Clock, random: RandomBytes): NewId {
  return () => {
    let time = clock().getTime();
    let head = '';
    for (let i = 0; i < 10; i += 1) {
      head = ALPHABET[time % 32] + head;
      time = Math.floor(time / 32);
    }
    return head + toBase32(random(10));
  };
}
