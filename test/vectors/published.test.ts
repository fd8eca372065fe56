import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { identityDigest } from '../../signing/sm2/identity.ts';
import { NATIVE_SM2 } from '../../signing/sm2/native-sm2.ts';
import { PORTABLE_SM2, signWithNonce } from '../../signing/sm2/portable-sm2.ts';
import { toSm2SignatureDer } from '../../signing/sm2/signature-value.ts';
import { sm3 } from '../../signing/sm2/sm3.ts';
import {
  bytesOf,
  type Curve,
  generatorOf,
  identityOf,
  multiply,
  numberOf,
  signDigest,
  sm3Of,
  verifyDigest,
} from './textbook-sm2.ts';

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
const hex = (text: string) => Buffer.from(text, 'hex');
const number = (text: string) => BigInt(`0x${text}`);
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Sm3File {
  readonly tests: readonly { source: string; input: string; repeat?: number; digest: string }[];
  readonly hmac: readonly { source: string; key: string; input: string; digest: string }[];
}

interface Sm4File {
  readonly tests: readonly {
    source: string;
    mode: string;
    key: string;
    iv?: string;
    plaintext: string;
    rounds?: number;
    ciphertext: string;
  }[];
}

type Sm2Field = 'source' | 'id' | 'message' | 'd' | 'x' | 'y' | 'k' | 'z' | 'e' | 'r' | 's';
interface Sm2File {
  readonly tests: readonly (Readonly<Record<Sm2Field, string>> & { curve: Readonly<Record<keyof Curve, string>> })[];
}

describe('published vectors', () => {
  const digests = read<Sm3File>('sm3.json');
  for (const { source, input, repeat = 1, digest } of digests.tests) {
    it(`SM3: ${source}`, () => {
      const bytes = hex(input.repeat(repeat));
      expect(toHex(sm3(bytes))).to.equal(digest);
      expect(toHex(sm3(bytes.subarray(0, 7), bytes.subarray(7)))).to.equal(digest);
    });
  }
  for (const { source, key, input, digest } of digests.hmac) {
    it(`HMAC-SM3: ${source}`, () => {
      expect(createHmac('sm3', hex(key)).update(hex(input)).digest('hex')).to.equal(digest);
    });
  }

  for (const { source, mode, key, iv, plaintext, rounds = 1, ciphertext } of read<Sm4File>('sm4.json').tests) {
    it(`SM4-${mode.toUpperCase()}: ${source}`, () => {
      const vector = iv === undefined ? null : hex(iv);
      // one cipher for all rounds: in ECB without padding each block stands by itself
      const cipher = createCipheriv(`sm4-${mode}`, hex(key), vector).setAutoPadding(false);
      let block: Buffer = hex(plaintext);
      for (let i = 0; i < rounds; i += 1) block = cipher.update(block);
      expect(toHex(block)).to.equal(ciphertext);
      if (rounds > 1) return;
      const decipher = createDecipheriv(`sm4-${mode}`, hex(key), vector).setAutoPadding(false);
      expect(toHex(Buffer.concat([decipher.update(hex(ciphertext)), decipher.final()]))).to.equal(plaintext);
    }).timeout(10_000);
  }

  const [recommended, ...others] = read<Sm2File>('sm2.json').tests;
  for (const test of [recommended, ...others]) {
    it(`SM2 by the book: ${test?.source}`, () => {
      if (test === undefined) throw new Error('no vector');
      const curve = Object.fromEntries(
        Object.entries(test.curve).map(([name, value]) => [name, number(value)]),
      ) as unknown as Curve;
      const point = [number(test.x), number(test.y)] as const;
      expect(multiply(curve, generatorOf(curve), number(test.d))).to.deep.equal(point);
      const z = identityOf(curve, point, hex(test.id));
      expect(toHex(z)).to.equal(test.z);
      const e = sm3Of(z, hex(test.message));
      expect(toHex(e)).to.equal(test.e);
      const value = { r: number(test.r), s: number(test.s) };
      expect(signDigest(curve, number(test.d), numberOf(e), number(test.k))).to.deep.equal(value);
      expect(verifyDigest(curve, point, numberOf(e), value)).to.equal(true);
      expect(verifyDigest(curve, point, numberOf(e) ^ 1n, value)).to.equal(false);
    });
  }

  it('SM2 by this product: GB/T 32918.5-2017 annex A.2', () => {
    if (recommended === undefined) throw new Error('no vector');
    const point = Buffer.concat([Buffer.of(4), hex(recommended.x), hex(recommended.y)]);
    const identity = identityDigest(point, hex(recommended.id).toString('utf8'));
    expect(toHex(identity)).to.equal(recommended.z);
    const digest = numberOf(sm3(identity, hex(recommended.message)));
    expect(toHex(bytesOf(digest))).to.equal(recommended.e);
    const value = signWithNonce(number(recommended.d), digest, number(recommended.k));
    expect(value).to.deep.equal({ r: number(recommended.r), s: number(recommended.s) });
    for (const engine of [NATIVE_SM2, PORTABLE_SM2]) {
      const signature = toSm2SignatureDer({ r: number(recommended.r), s: number(recommended.s) });
      expect(engine.verify(point, identity, hex(recommended.message), signature), engine.name).to.equal(true);
    }
  });
});
