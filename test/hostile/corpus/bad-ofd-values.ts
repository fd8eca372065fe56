/** OFD files whose signature value (SES_Signature of GB/T 38540) was taken apart and put together wrongly, and SM2 values that
 *  are none (GM/T 0009, GB/T 32918.2). */
import { createPrivateKey, sign } from 'node:crypto';
import { bitString, element, integer, octetString, sequence } from '../../../signing/der/write-der.ts';
import { signSm2 } from '../../../signing/index.ts';
import { fieldsOf } from './bad-ofd-stamp-fields.ts';
import { type BadCase, badCase } from './case.ts';
import { makeSigner } from './certificates.ts';
import { type Base, type OfdWorld, rework } from './ofd-world.ts';
import { rawOf, sm3Of } from './seals.ts';
import { type Parts, partsOf } from './stamp-parts.ts';
import { type Hand, sealOf, sealValue, strangerOfd } from './stranger-ofd.ts';

const BARE = 'coverage UNCOVERED';

const MALFORMED = ['structure SIGNATURE_MALFORMED', BARE];

const WRONG = 'signature SIGNATURE_INVALID';

const N = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');

const joined = (
  { version, seal, time, hash, info, certificate, algorithm, value }: Parts,
  more: readonly Uint8Array[] = [],
): Uint8Array => sequence(sequence(version, seal, time, hash, info, ...more), certificate, algorithm, value);

const toBig = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

const pair = (r: bigint, s: bigint): Uint8Array => sequence(integer(r), integer(s));

type Rebuilt = readonly [words: string, value: Uint8Array, blame: readonly string[], ofOurs?: readonly string[]];

/** The BIT STRING with the SM2 value. */
function sm2ValuesOf(stamp: Uint8Array): Rebuilt[] {
  const parts = partsOf(stamp);
  const [left, right] = rawOf(parts.der);
  const [r, s] = [toBig(left), toBig(right)];
  const withValue = (value: Uint8Array): Uint8Array => joined({ ...parts, value });
  const der = (value: Uint8Array) => withValue(bitString(value));
  const raw = ['structure RAW_SIGNATURE', WRONG];
  return [
    ['r and s exchanged', der(pair(s, r)), [WRONG]],
    ['n - s for s', der(pair(r, N - s)), [WRONG]],
    ['n - r for r', der(pair(N - r, s)), [WRONG]],
    ['r + 1', der(pair(r + 1n, s)), [WRONG]],
    ['s + 1', der(pair(r, s + 1n)), [WRONG]],
    ['r of zero', der(pair(0n, s)), [WRONG]],
    ['s of zero', der(pair(r, 0n)), [WRONG]],
    ['both of zero', der(pair(0n, 0n)), [WRONG]],
    ['r of n', der(pair(N, s)), [WRONG]],
    ['s of n', der(pair(r, N)), [WRONG]],
    ['r + n', der(pair(r + N, s)), [WRONG]],
    ['s + n', der(pair(r, s + N)), [WRONG]],
    ['r + s = n', der(pair(r, N - r)), [WRONG]],
    ['r negative', der(pair(-r, s)), [WRONG]],
    ['s negative', der(pair(r, -s)), [WRONG]],
    ['a zero before r', der(sequence(element(2, Buffer.concat([Buffer.alloc(2), left])), integer(s))), [WRONG]],
    [
      'r without its sign',
      der(sequence(element(2, Buffer.concat([Buffer.of(0x80), left.subarray(1)])), integer(s))),
      [WRONG],
    ],
    ['three numbers', der(sequence(integer(r), integer(s), integer(1))), [WRONG]],
    ['one number', der(sequence(integer(r))), [WRONG]],
    ['a byte behind s', der(Buffer.concat([parts.der, Buffer.of(0)])), [WRONG]],
    ['r in an OCTET STRING', der(sequence(octetString(left), integer(s))), [WRONG]],
    ['a length of two bytes', der(Buffer.concat([Buffer.of(0x30, 0x81), parts.der.subarray(1)])), [WRONG]],
    ['no value', der(Buffer.of()), [WRONG]],
    ['raw, r and s exchanged', der(Buffer.concat([right, left])), [WRONG], raw],
    ['raw, zeros', der(Buffer.alloc(64)), [WRONG], raw],
    ['raw, ones', der(Buffer.alloc(64, 0xff)), [WRONG], raw],
    ['raw, one byte more', der(Buffer.concat([left, right, Buffer.of(0)])), [WRONG]],
    ['raw, one byte less', der(Buffer.concat([left, right]).subarray(1)), [WRONG]],
    ['an OCTET STRING', withValue(octetString(parts.der)), MALFORMED],
  ];
}

function* rebuiltOf(family: string, base: Base, rebuilt: readonly Rebuilt[]): Generator<BadCase> {
  const path = `${base.folders[0]}/SignedValue.dat`;
  for (const [words, value, blame, ofOurs = blame] of rebuilt) {
    const bytes = rework(base.bytes, (files) => files.set(path, value));
    yield badCase(family, 'ofd', base.policy, {
      name: `${base.name}: ${words}`,
      bytes,
      blame: base.ours ? ofOurs : blame,
    });
  }
}

/** Values that a wrong way of signing makes, all else being right. */
function madeBy(
  { signer, maker }: Hand,
  { other, strange }: OfdWorld,
): readonly (readonly [string, (tbs: Uint8Array) => Uint8Array, readonly string[]])[] {
  const key = createPrivateKey({ key: Buffer.from(signer.pkcs8), format: 'der', type: 'pkcs8' });
  const elliptic = makeSigner('P-256');
  return [
    ['SM2 under the identity ALICE123@YAHOO.COM', (tbs) => signSm2(signer.pkcs8, tbs, 'ALICE123@YAHOO.COM'), [WRONG]],
    ['SM2 under another identity of 16 digits', (tbs) => signSm2(signer.pkcs8, tbs, '1234567812345679'), [WRONG]],
    ['SM2 under no identity', (tbs) => signSm2(signer.pkcs8, tbs, ''), [WRONG]],
    ['SM2 over the digest once more', (tbs) => signSm2(signer.pkcs8, sm3Of(tbs)), [WRONG]],
    ['SM2 of another of the same issuer', (tbs) => other.sign(tbs), [WRONG]],
    ['SM2 of the seal maker', (tbs) => maker.sign(tbs), [WRONG]],
    ['SM2 of a stranger', (tbs) => strange.sign(tbs), [WRONG]],
    ['SM2 as Node signs when it is asked plainly', (tbs) => sign('sm3', tbs, key), [WRONG]],
    ['ECDSA', (tbs) => elliptic.sign(tbs), [WRONG]],
    ['SM2 over other bytes', (tbs) => signer.sign(Buffer.concat([tbs, Buffer.of(0)])), [WRONG]],
    ['SM2 over the hash alone', (tbs) => signer.sign(tbs.subarray(-60)), [WRONG]],
  ];
}

export function* badOfdValues(world: OfdWorld): Generator<BadCase> {
  const { bases, hand, policy } = world;
  for (const base of [bases.sealed, bases.foreign]) {
    let stamp: Uint8Array = Buffer.of();
    rework(base.bytes, (files) => {
      stamp = files.get(`${base.folders[0]}/SignedValue.dat`) ?? stamp;
    });
    yield* rebuiltOf('OFD signature value', base, fieldsOf(stamp, world));
    yield* rebuiltOf('OFD SM2 value', base, sm2ValuesOf(stamp));
  }
  for (const [words, value, blame] of madeBy(hand, world)) {
    const make = (dataHash: Uint8Array, path: string) => {
      const parts = partsOf(sealValue(hand, dataHash, path, sealOf(hand)));
      const { version, seal, time, hash, info } = parts;
      return joined({ ...parts, value: bitString(value(sequence(version, seal, time, hash, info))) });
    };
    const bytes = strangerOfd(hand, { value: make });
    yield badCase('OFD SM2 value', 'ofd', policy, { name: `signed wrongly: ${words}`, bytes, blame });
  }
}
