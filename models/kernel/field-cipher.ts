/** Personal identifiers at rest: SM4-CTR, then HMAC-SM3 over the whole (encrypt-then-MAC), and a keyed blind index for
 *  look-up. One master secret of 32 bytes; the three keys are derived from it by purpose. */
import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { hmacSm3 } from './digest.ts';
import type { RandomBytes } from './ids.ts';

const VERSION = 1;
const IV_BYTES = 16;
const MAC_BYTES = 32;

export interface FieldCipher {
  /** `context` names table and column, so that a value cannot be moved to another place. Base64 text. */
  encrypt(context: string, plain: string): string;
  /** Throws when the value was altered or belongs elsewhere. */
  decrypt(context: string, cipherText: string): string;
  /** The same value gives the same index: 32 hex characters, useless without the key. */
  blindIndex(context: string, plain: string): string;
}

export function makeFieldCipher(master: Uint8Array, random: RandomBytes): FieldCipher {
  const encryptionKey = hmacSm3(master, 'zhengku field encryption').subarray(0, 16);
  const macKey = hmacSm3(master, 'zhengku field mac');
  const indexKey = hmacSm3(master, 'zhengku blind index');
  return {
    encrypt(context, plain) {
      const iv = random(IV_BYTES);
      const cipher = createCipheriv('sm4-ctr', encryptionKey, iv);
      const body = Buffer.concat([Buffer.from([VERSION]), iv, cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([body, hmacSm3(macKey, context, '\0', body)]).toString('base64');
    },
    decrypt(context, cipherText) {
      const bytes = Buffer.from(cipherText, 'base64');
      const body = bytes.subarray(0, -MAC_BYTES);
      const mac = bytes.subarray(-MAC_BYTES);
      if (body.length < 1 + IV_BYTES || !timingSafeEqual(mac, hmacSm3(macKey, context, '\0', body))) {
        throw new Error(`a stored value of ${context} was altered or encrypted with another key`);
      }
      const decipher = createDecipheriv('sm4-ctr', encryptionKey, body.subarray(1, 1 + IV_BYTES));
      return decipher.update(body.subarray(1 + IV_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
    blindIndex(context, plain) {
      return Buffer.from(hmacSm3(indexKey, context, '\0', plain))
        .toString('hex')
        .slice(0, 32);
    },
  };
}
