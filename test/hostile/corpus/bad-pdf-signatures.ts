/** PDF files whose signature covers other bytes than it should (ISO 32000-1 §12.8.1), stands in a room that holds more, or is
 *  signed data of a wrong kind (RFC 5652, ETSI EN 319 142-1). */

import { madeOf } from './bad-pdf-signed-data.ts';
import { type BadCase, badCase } from './case.ts';
import type { Person } from './certificates.ts';
import { encodeCms } from './cms.ts';
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
