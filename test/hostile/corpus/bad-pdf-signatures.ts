/** PDF files whose signature covers other bytes than it should (ISO 32000-1 §12.8.1), stands in a room that holds more, or is
 *  signed data of a wrong kind (RFC 5652, ETSI EN 319 142-1). */

import { octetString, oid } from '../../../signing/der/write-der.ts';
import { type BadCase, badCase } from './case.ts';
import type { Person } from './certificates.ts';
import {
  attribute,
  type CmsWords,
  DATA,
  digestOf,
  encodeCms,
  encodeToken,
  namingCertificates,
  signingTime,
  timeStampAttribute,
} from './cms.ts';
import { contentOf, putValue, roomOf, valueIn } from './pdf-text.ts';
import { type PdfWorld, type SignedWords, strangerPdf } from './pdf-world.ts';

const RANGE = 'coverage BYTE_RANGE_WRONG';
/** A range that is none: nothing can be judged by it. */
const NO_RANGE = [RANGE, 'structure BYTE_RANGE_WRONG'];
const BARE = 'coverage UNCOVERED';
const CHANGED = 'digest DIGEST_MISMATCH';
const MALFORMED = 'structure SIGNATURE_MALFORMED';
const PADDING = 'structure PADDING_WRONG';
const WRONG = 'signature SIGNATURE_INVALID';
const UNBOUND = 'signature SIGNER_NOT_BOUND';

/** Signed over just what the range names. */
function signedOver(
  signer: Person,
  numbersOf: (numbers: readonly number[]) => readonly number[],
  words: SignedWords = {},
): Uint8Array {
  const draft = strangerPdf(signer, {
    ...words,
    make: () => Buffer.of(),
    range: (numbers) => `[${numbers.join(' ')}]`,
  });
  const [start, end] = roomOf(draft);
  const asked = numbersOf([0, start, end, draft.length - end]);
  const ranged = strangerPdf(signer, { ...words, make: () => Buffer.of(), range: () => `[${asked.join(' ')}]` });
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 1 < asked.length; at += 2) {
    const [from = 0, length = 0] = asked.slice(at, at + 2);
    parts.push(ranged.subarray(Math.max(0, from), Math.max(0, from + length)));
  }
  return putValue(ranged, encodeCms(Buffer.concat(parts), { signer }));
}

function* rangesOf({ signer, policy, bases }: PdfWorld): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF byte range', 'pdf', policy, { name, bytes, blame });
  type Numbers = readonly number[];
  const shapes: readonly (readonly [string, (numbers: Numbers) => Numbers, readonly string[]])[] = [
    ['that begins behind the header', ([, b = 0, c = 0, d = 0]) => [9, b - 9, c, d], [RANGE]],
    ['that begins one byte late', ([, b = 0, c = 0, d = 0]) => [1, b - 1, c, d], [RANGE]],
    ['that ends before the end', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d - 20], [RANGE]],
    [
      'that ends one byte before the end',
      ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d - 1],
      ['coverage TRAILING_BYTES'],
    ],
    ['with a gap that begins early', ([a = 0, b = 0, c = 0, d = 0]) => [a, b - 40, c, d], [BARE]],
    ['with a gap that begins one byte early', ([a = 0, b = 0, c = 0, d = 0]) => [a, b - 1, c, d], [BARE]],
    ['with a gap that ends late', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c + 40, d - 40], [BARE]],
    ['with a gap that ends one byte late', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c + 1, d - 1], [BARE]],
    ['of the first part alone', ([a = 0, b = 0]) => [a, b, b, 0], [RANGE]],
    ['of the second part alone', ([, , c = 0, d = 0]) => [0, 0, c, d], [BARE]],
    ['of three numbers', ([a = 0, b = 0, c = 0]) => [a, b, c], NO_RANGE],
    ['of two numbers', ([a = 0, b = 0]) => [a, b], NO_RANGE],
    ['of no numbers', () => [], NO_RANGE],
    ['of five numbers', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d, 0], NO_RANGE],
    ['of six numbers, three parts', ([a = 0, b = 0, c = 0, d = 0]) => [a, 100, 100, b - 100, c, d], NO_RANGE],
    ['whose parts are exchanged', ([a = 0, b = 0, c = 0, d = 0]) => [c, d, a, b], [RANGE]],
    ['beyond the end', ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d + 100], [RANGE]],
    ['with a negative beginning', ([, b = 0, c = 0, d = 0]) => [-1, b, c, d], NO_RANGE],
    ['with a negative length', ([a = 0, , c = 0, d = 0]) => [a, -5, c, d], NO_RANGE],
    ['whose second part begins in the first', ([a = 0, b = 0, c = 0]) => [a, b, 100, c], [RANGE, CHANGED]],
  ];
  for (const [words, numbersOf, blame] of shapes) {
    yield bad(`signed, a byte range ${words}`, signedOver(signer, numbersOf), blame);
  }
  const written: readonly (readonly [string, (numbers: Numbers) => string, readonly string[]])[] = [
    ['in a reference', () => '12 0 R', NO_RANGE],
    ['with a reference in it', ([a, b, c]) => `[${a} ${b} ${c} 13 0 R]`, NO_RANGE],
    ['with broken numbers', ([a, b, c, d]) => `[${a}.0 ${b}.5 ${c} ${d}]`, NO_RANGE],
    ['with strings', ([a, b, c, d]) => `[(${a}) ${b} ${c} ${d}]`, NO_RANGE],
    ['in a list in a list', ([a, b, c, d]) => `[[${a} ${b} ${c} ${d}]]`, NO_RANGE],
    ['of null', () => 'null', NO_RANGE],
    ['of a number beyond all', ([a, b, c]) => `[${a} ${b} ${c} 99999999]`, [RANGE]],
  ];
  for (const [words, range, blame] of written)
    yield bad(`a byte range ${words}`, strangerPdf(signer, { range }), blame);
  const [start] = roomOf(bases.plain);
  const shifted = Buffer.concat([bases.plain.subarray(0, start), Buffer.from(' '), bases.plain.subarray(start)]);
  yield bad('a space before the room', shifted, [BARE, CHANGED]);
}

function* roomsOf({ signer, other, policy, bases }: PdfWorld): Generator<BadCase> {
  const { plain } = bases;
  const value = valueIn(plain);
  const [start, end] = roomOf(plain);
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF room of the signature', 'pdf', policy, { name, bytes, blame });
  const patched = (at: number, text: string) => {
    const out = Buffer.from(plain);
    out.write(text, at, 'latin1');
    return out;
  };
  yield bad('words in the padding', patched(end - 40, '68656c6c6f'), [PADDING]);
  yield bad('one bit in the padding', patched(end - 3, '1'), [PADDING]);
  yield bad(
    'another structure in the padding',
    putValue(plain, Buffer.concat([value, encodeCms(contentOf(plain), { signer: other })])),
    [PADDING],
  );
  yield bad('padding of ff', putValue(plain, value, 'f'), [PADDING]);
  yield bad('a byte behind the structure', putValue(plain, Buffer.concat([value, Buffer.of(1)])), [PADDING]);
  yield bad('white space among the digits', patched(end - 40, ' \n\t '), [BARE]);
  yield bad('a comment among the digits', patched(end - 40, '%hi\n'), ['structure UNREADABLE']);
  yield bad('no digit', patched(end - 40, 'zz'), ['structure UNREADABLE']);
  yield bad('the string ended early', patched(end - 40, '>'), ['structure UNREADABLE']);
  yield bad('nothing in the room', putValue(plain, Buffer.of()), ['structure SIGNATURE_MALFORMED']);
  yield bad('the structure cut short', putValue(plain, value.subarray(0, value.length - 20)), [WRONG]);
  yield bad('the structure without its head', putValue(plain, value.subarray(1)), [PADDING]);
  yield bad('the structure of another document', putValue(plain, encodeCms(Buffer.from('other'), { signer })), [
    CHANGED,
  ]);
  yield bad(
    'the structure of another document of another signer',
    putValue(plain, encodeCms(Buffer.from('other'), { signer: other })),
    [CHANGED],
  );
  yield bad('a literal string in place of digits', patched(start, '('), ['structure UNREADABLE']);
}

interface Made {
  readonly words: string;
  readonly cms: Partial<CmsWords>;
  readonly blame: readonly string[];
  readonly subFilter?: string;
  readonly by?: 'sm2' | 'other';
}

function madeOf({ signer, other, strange, sm2, tsa, issuing }: PdfWorld): Made[] {
  const plain = 'adbe.pkcs7.detached';
  const flip = (value: Uint8Array): Uint8Array => value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte));
  const weak = 'digest DIGEST_WEAK';
  return [
    { words: 'a wrong value of RSA', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a value of zeros', cms: { spoil: (value) => Buffer.alloc(value.length) }, blame: [WRONG] },
    { words: 'an empty value', cms: { spoil: () => Buffer.of() }, blame: [WRONG] },
    { words: 'a wrong value of ECDSA', by: 'other', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a wrong value of SM2', by: 'sm2', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a wrong value of PSS', cms: { saltLength: 32, spoil: flip }, blame: [WRONG] },
    { words: 'PSS of another salt than it says', cms: { saltLength: 32, saltStated: 20 }, blame: [WRONG] },
    { words: 'another digest than the content’s', cms: { digestOverride: Buffer.alloc(32) }, blame: [CHANGED] },
    { words: 'a digest cut short', cms: { digestOverride: Buffer.alloc(16) }, blame: [CHANGED] },
    { words: 'SHA-1', cms: { hash: 'sha1' }, blame: [weak] },
    { words: 'MD5', cms: { hash: 'md5' }, blame: [weak] },
    { words: 'SHA-1, plainly', cms: { hash: 'sha1' }, subFilter: plain, blame: [weak] },
    { words: 'SHA-1 without attributes', cms: { hash: 'sha1', attributes: 'none' }, subFilter: plain, blame: [weak] },
    { words: 'MD5 without attributes', cms: { hash: 'md5', attributes: 'none' }, subFilter: plain, blame: [weak] },
    { words: 'ECDSA with SHA-1', by: 'other', cms: { hash: 'sha1' }, blame: [weak] },
    { words: 'SHA-256 that says to be SHA-384', cms: { statedHash: 'sha384' }, blame: [CHANGED, WRONG] },
    {
      words: 'SHA-384 that says to be SHA-256',
      cms: { hash: 'sha384', statedHash: 'sha256' },
      blame: [CHANGED, WRONG],
    },
    { words: 'no attributes, where CAdES asks for them', cms: { attributes: 'none' }, blame: [UNBOUND] },
    { words: 'no certificate named, where CAdES asks for it', cms: { attributes: 'plain' }, blame: [UNBOUND] },
    {
      words: 'another certificate named',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([other.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'another certificate named, plainly',
      subFilter: plain,
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([other.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'its certificate named second',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([issuing.certificate, signer.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'its certificate named by SHA-1',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([signer.certificate], 'sha1')] },
      blame: [UNBOUND],
    },
    {
      words: 'two digests stated',
      cms: { moreAttributes: [attribute('1.2.840.113549.1.9.4', octetString(Buffer.alloc(32)))] },
      blame: [MALFORMED],
    },
    {
      words: 'no digest stated',
      cms: { onlyAttributes: [attribute('1.2.840.113549.1.9.3', oid(DATA)), namingCertificates([signer.certificate])] },
      blame: [MALFORMED],
    },
    {
      words: 'no content type stated',
      cms: { onlyAttributes: [attribute('1.2.840.113549.1.9.4', octetString(Buffer.alloc(32)))] },
      blame: [MALFORMED],
    },
    { words: 'another content type stated', cms: { contentType: '1.2.840.113549.1.7.5' }, blame: [MALFORMED] },
    {
      words: 'attributes out of order',
      cms: { order: (all) => [...all].sort(Buffer.compare).reverse() },
      blame: [MALFORMED],
    },
    { words: 'content inside', cms: { content: Buffer.from('inside') }, blame: [MALFORMED] },
    { words: 'two signers', cms: { signerCount: 2 }, blame: [MALFORMED] },
    { words: 'no signer', cms: { signerCount: 0 }, blame: [MALFORMED] },
    { words: 'version 5', cms: { version: 5 }, blame: [MALFORMED] },
    { words: 'no certificate', cms: { certificates: [] }, blame: ['signature CERTIFICATE_MISSING'] },
    {
      words: 'the certificate of another in its place',
      cms: { certificates: [other.certificate] },
      blame: ['signature CERTIFICATE_MISSING'],
    },
    {
      words: 'a certificate that does not belong',
      cms: { certificates: [signer.certificate, strange.certificate] },
      blame: ['certificate CERTIFICATE_CHAIN_BROKEN'],
    },
    {
      words: 'a certificate of no shape',
      cms: { certificates: [signer.certificate, octetString(Buffer.of(1))] },
      blame: ['certificate CERTIFICATE_MALFORMED'],
    },
    {
      words: 'an unknown signature algorithm',
      cms: { algorithm: Buffer.from('300506032a0304', 'hex') },
      blame: ['signature ALGORITHM_UNSUPPORTED'],
    },
    {
      words: 'the algorithm of SM2 over RSA',
      cms: { algorithm: Buffer.from('300a06082a811ccf55018375', 'hex') },
      blame: [WRONG],
    },
    {
      words: 'the algorithm of RSA over SM2',
      by: 'sm2',
      cms: { algorithm: Buffer.from('300d06092a864886f70d01010b0500', 'hex') },
      blame: [WRONG],
    },
    {
      words: 'a time of signing of tomorrow',
      subFilter: plain,
      cms: { moreAttributes: [signingTime('2026-06-04T00:00:00Z')] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'a time of signing before the certificate',
      subFilter: plain,
      cms: { moreAttributes: [signingTime('2025-06-04T00:00:00Z')] },
      blame: ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'],
    },
    {
      words: 'a time-stamp over another value',
      cms: { unsigned: () => [timeStampAttribute(encodeToken(Buffer.from('x'), { tsa }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp by the signer',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa: signer }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp with a wrong value',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, cms: { spoil: flip } }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp without a certificate',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, cms: { certificates: [] } }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp of no shape',
      cms: { unsigned: () => [timeStampAttribute(octetString(Buffer.of(1)))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp of tomorrow',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, at: '2026-06-04T00:00:00Z' }))] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'a time-stamp from before the signing',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, at: '2026-06-01T00:00:00Z' }))] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'SM2 of a stranger’s key under its certificate',
      by: 'sm2',
      cms: { spoil: () => sm2.sign(digestOf('sm3', Buffer.of(1))) },
      blame: [WRONG],
    },
  ];
}

export function* badPdfSignatures(world: PdfWorld): Generator<BadCase> {
  const { policy, signer } = world;
  yield* rangesOf(world);
  yield* roomsOf(world);
  for (const { words, cms, blame, subFilter, by } of madeOf(world)) {
    const who = by ? world[by] : signer;
    const bytes = strangerPdf(who, { cms, ...(subFilter ? { subFilter } : {}) });
    yield badCase('PDF signed data', 'pdf', policy, { name: `signed data with ${words}`, bytes, blame });
  }
  const kinds: readonly (readonly [string, SignedWords, readonly string[]])[] = [
    ['adbe.pkcs7.sha1', { subFilter: 'adbe.pkcs7.sha1', cms: { content: Buffer.alloc(20) } }, ['digest DIGEST_WEAK']],
    ['adbe.x509.rsa_sha1', { subFilter: 'adbe.x509.rsa_sha1' }, ['digest DIGEST_WEAK']],
    ['of no kind that is known', { subFilter: 'example.unknown' }, ['structure ALGORITHM_UNSUPPORTED']],
    ['of a time-stamp, and it is none', { subFilter: 'ETSI.RFC3161' }, ['time TIMESTAMP_INVALID']],
    ['of a seal, and it is none', { subFilter: 'GM.sm2seal', filter: 'GM.PKILite' }, [MALFORMED]],
    ['of a seal by a handler that is not known', { subFilter: 'GM.sm2seal' }, ['structure ALGORITHM_UNSUPPORTED']],
  ];
  for (const [words, how, blame] of kinds) {
    yield badCase('PDF signed data', 'pdf', policy, {
      name: `a signature ${words}`,
      bytes: strangerPdf(signer, how),
      blame,
    });
  }
}
