/** Edge cases of the forms of a signature: DER, and what is not. */
import { type CaseList, contentOf, DEFAULT_ID, derOf, int, keyOf, seeded, seq, sign, tlv } from './edge-maker.ts';
import { bytesOf, type Point } from './textbook-sm2.ts';

const bytes = (...parts: readonly (Uint8Array | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));
const of = (...octets: readonly number[]): Buffer => Buffer.from(octets);

export function addDer(list: CaseList): void {
  const key = keyOf(seeded('der'));
  const message = Buffer.from('der');
  const value = sign(key, DEFAULT_ID, message, 'der 4');
  const [r, s] = [contentOf(value.r), contentOf(value.s)];
  const [ir, is] = [int(value.r), int(value.s)];
  const good = derOf(value);
  const body = bytes(ir, is);
  const invalid = (comment: string, signature: Uint8Array, flag: string) =>
    list.add('der', { comment, key: key.point, message, signature, expected: 'invalid', flags: [flag] });
  list.add('der', { comment: 'strict DER', key: key.point, message, signature: good, expected: 'valid' });
  addLongLengths(invalid, { body, r, s, ir, is });
  for (const count of [1, 2, 16]) {
    const zeros = Buffer.alloc(count);
    invalid(`${count} zero bytes too many before r`, seq(tlv(2, bytes(zeros, r)), is), 'NotMinimal');
    invalid(`${count} zero bytes too many before s`, seq(ir, tlv(2, bytes(zeros, s))), 'NotMinimal');
  }
  const bare = (content: Buffer): Buffer => (content[0] === 0 ? content.subarray(1) : content);
  if (r[0] === 0) invalid('the sign byte of r is missing: r is negative', seq(tlv(2, bare(r)), is), 'MissingSign');
  if (s[0] === 0) invalid('the sign byte of s is missing: s is negative', seq(ir, tlv(2, bare(s))), 'MissingSign');
  invalid('r and s without their sign bytes', seq(tlv(2, bare(r)), tlv(2, bare(s))), 'MissingSign');
  addTags(invalid, { body, r, s, ir, is });
  addTrailing(list, key.point, message, { good, body, ir, is });
  addOtherShapes(list, key.point, message, { good, body, ir, is, raw: bytes(bytesOf(value.r), bytesOf(value.s)) });
  for (let length = 0; length < good.length; length += 1) {
    invalid(`cut short after ${length} of ${good.length} bytes`, good.subarray(0, length), 'Truncated');
  }
}

type Invalid = (comment: string, signature: Uint8Array, flag: string) => void;
type Members = Readonly<Record<'body' | 'r' | 's' | 'ir' | 'is', Buffer>>;

const LONG_LENGTHS = [
  ['one byte', of(0x81, 0)],
  ['two bytes', of(0x82, 0, 0)],
  ['three bytes', of(0x83, 0, 0, 0)],
  ['four bytes', of(0x84, 0, 0, 0, 0)],
  ['nine bytes', of(0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
] as const;

function addLongLengths(invalid: Invalid, { body, r, s, ir, is }: Members): void {
  for (const [name, long] of LONG_LENGTHS) {
    const lengthOf = (length: number): Buffer => bytes(long.subarray(0, -1), length);
    invalid(`long length of ${name} at the SEQUENCE`, tlv(0x30, body, lengthOf(body.length)), 'LongLength');
    invalid(`long length of ${name} at r`, seq(tlv(2, r, lengthOf(r.length)), is), 'LongLength');
    invalid(`long length of ${name} at s`, seq(ir, tlv(2, s, lengthOf(s.length))), 'LongLength');
  }
}

function addTags(invalid: Invalid, { body, r, s, ir, is }: Members): void {
  for (const tag of [0x00, 0x01, 0x03, 0x04, 0x05, 0x0a, 0x22, 0x30, 0x82, 0x42]) {
    const name = tag.toString(16).padStart(2, '0');
    invalid(`tag ${name} in the place of INTEGER r`, seq(tlv(tag, r), is), 'WrongTag');
    invalid(`tag ${name} in the place of INTEGER s`, seq(ir, tlv(tag, s)), 'WrongTag');
  }
  for (const tag of [0x00, 0x02, 0x04, 0x10, 0x31, 0x70, 0xa0, 0xb0]) {
    invalid(`tag ${tag.toString(16).padStart(2, '0')} in the place of SEQUENCE`, tlv(tag, body), 'WrongTag');
  }
  invalid('long tag in the place of SEQUENCE', bytes(of(0x3f, 0x10, body.length), body), 'WrongTag');
}

type Parts = Readonly<Record<'good' | 'body' | 'ir' | 'is', Buffer>>;

function addTrailing(list: CaseList, key: Point, message: Buffer, { good, body, ir, is }: Parts): void {
  const invalid = (comment: string, signature: Uint8Array) =>
    list.add('der', { comment, key, message, signature, expected: 'invalid', flags: ['Trailing'] });
  invalid('a zero byte behind the SEQUENCE', bytes(good, 0));
  invalid('a byte ff behind the SEQUENCE', bytes(good, 0xff));
  invalid('NULL behind the SEQUENCE', bytes(good, of(5, 0)));
  invalid('the signature a second time behind itself', bytes(good, good));
  invalid('a zero byte inside the SEQUENCE', seq(body, of(0)));
  invalid('NULL inside the SEQUENCE', seq(body, of(5, 0)));
  invalid('NULL before r', seq(of(5, 0), body));
  invalid('NULL between r and s', seq(ir, of(5, 0), is));
  invalid('a third INTEGER', seq(body, of(2, 1, 1)));
  invalid('end-of-contents behind s', seq(body, of(0, 0)));
  invalid('a byte before the SEQUENCE', bytes(0, good));
  invalid('the SEQUENCE one byte longer than stated', bytes(of(0x30, body.length - 1), body));
  invalid('the SEQUENCE one byte shorter than stated', bytes(of(0x30, body.length + 1), body));
}

function addOtherShapes(
  list: CaseList,
  key: Point,
  message: Buffer,
  { good, body, ir, is, raw }: Parts & { readonly raw: Buffer },
): void {
  const invalid = (comment: string, signature: Uint8Array, flag: string) =>
    list.add('der', { comment, key, message, signature, expected: 'invalid', flags: [flag] });
  invalid('indefinite length (BER)', bytes(of(0x30, 0x80), body, of(0, 0)), 'Indefinite');
  invalid('indefinite length without its end', bytes(of(0x30, 0x80), body), 'Indefinite');
  invalid('constructed INTEGERs (BER)', seq(tlv(0x22, ir), tlv(0x22, is)), 'WrongTag');
  invalid('nothing at all', of(), 'Empty');
  invalid('an empty SEQUENCE', seq(), 'Empty');
  invalid('only r', seq(ir), 'Empty');
  invalid('r is an empty INTEGER', seq(of(2, 0), is), 'Empty');
  invalid('s is an empty INTEGER', seq(ir, of(2, 0)), 'Empty');
  invalid('NULL', of(5, 0), 'Empty');
  invalid('s before r', seq(is, ir), 'Swapped');
  invalid('raw r‖s of 64 bytes', raw, 'Raw');
  invalid('raw s‖r of 64 bytes', bytes(raw.subarray(32), raw.subarray(0, 32)), 'Raw');
  invalid('raw r‖s in an OCTET STRING', tlv(4, raw), 'Raw');
  invalid('the SEQUENCE in an OCTET STRING', tlv(4, good), 'Wrapped');
  invalid('the SEQUENCE in a BIT STRING', tlv(3, bytes(0, good)), 'Wrapped');
  invalid('the SEQUENCE in a SEQUENCE', seq(good), 'Wrapped');
  invalid('r and s in a SEQUENCE each', seq(seq(ir), seq(is)), 'Wrapped');
  invalid('the SEQUENCE as hexadecimal text', Buffer.from(good.toString('hex')), 'Wrapped');
  invalid('the SEQUENCE as base64 text', Buffer.from(good.toString('base64')), 'Wrapped');
  invalid(
    'a length of 2^32 − 1 at r',
    seq(bytes(of(2, 0x84, 0xff, 0xff, 0xff, 0xff), ir.subarray(2)), is),
    'LongLength',
  );
  invalid('a length of 2^31 at the SEQUENCE', bytes(of(0x30, 0x84, 0x80, 0, 0, 0), body), 'LongLength');
}
