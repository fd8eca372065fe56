/** PDF files that show other things to other readers, or later: shadow attacks prepared before signing, cross-references that
 *  contradict themselves (ISO 32000-1 §7.5), wrapped signatures, and broken files. */

import { shadowsOf } from './bad-pdf-shadows.ts';
import { type BadCase, badCase, type Draw } from './case.ts';
import { encodeCms } from './cms.ts';
import {
  appendUpdate,
  contentOf,
  lastXref,
  nextNumber,
  objectIn,
  putValue,
  roomOf,
  signText,
  type Update,
  valueIn,
} from './pdf-text.ts';
import { PART, type PdfWorld, strangerPdf } from './pdf-world.ts';

const CHANGED = 'digest DIGEST_MISMATCH';

const XREF = 'structure XREF_WRONG';

const UNREADABLE = 'structure UNREADABLE';

const TRAILING = 'coverage TRAILING_BYTES';

const LOST = 'structure SIGNATURE_LIST_WRONG';

const RANGE = 'coverage BYTE_RANGE_WRONG';

const OVERLAP = 'coverage SIGNATURES_OVERLAP';

const { catalogue, form, field, signature } = PART;

const latin = (words: string): Buffer => Buffer.from(words, 'latin1');

const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

function* wrapped({ signer, other, policy, bases }: PdfWorld): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF wrapped signature', 'pdf', policy, { name, bytes, blame });
  const { plain } = bases;
  const value = valueIn(plain);
  const [, end] = roomOf(plain);
  const range = /\/ByteRange \[[^\]]*\]/.exec(textOf(plain))?.[0] ?? '';
  const fresh = nextNumber(plain);
  const copy = objectIn(plain, signature);
  const update = (how: Update) => appendUpdate(plain, how);
  // the second part moved behind forged objects, as in universal signature forgery and signature wrapping
  const second = plain.subarray(end);
  const moved = Buffer.concat([plain.subarray(0, end), latin('\n4 0 obj\n(forged)\nendobj\n'), second]);
  const ranged = latin(
    textOf(moved).replace(/(\/ByteRange \[0 \d+ )\d+/, (_, head: string) => `${head}${moved.length - second.length}`),
  );
  yield bad('the second part moved behind forged objects', ranged, [UNREADABLE]);
  yield bad('the same value in a signature of its own', update({ objects: { [fresh]: copy } }), [
    LOST,
    OVERLAP,
    'coverage UNCOVERED',
  ]);
  yield bad(
    'a range over the same in another dictionary',
    update({
      objects: {
        [fresh]: `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${range} /Contents <${Buffer.from(value).toString('hex')}> >>`,
      },
    }),
    [LOST, OVERLAP, 'coverage UNCOVERED'],
  );
  for (const [words, from, to, blame] of [
    ['no contents', /\/Contents <[^>]*>/, '', ['structure BYTE_RANGE_WRONG', RANGE]],
    ['empty contents', /\/Contents <[^>]*>/, '/Contents <>', ['structure SIGNATURE_MALFORMED', 'coverage UNCOVERED']],
    [
      'contents of a literal string',
      /\/Contents <[^>]*>/,
      '/Contents (abc)',
      ['structure SIGNATURE_MALFORMED', 'coverage UNCOVERED'],
    ],
    ['contents in a reference', /\/Contents <[^>]*>/, '/Contents 12 0 R', ['structure BYTE_RANGE_WRONG', RANGE]],
    ['no byte range', /\/ByteRange \[[^\]]*\]/, '', ['structure BYTE_RANGE_WRONG', RANGE]],
    ['an empty byte range', /\/ByteRange \[[^\]]*\]/, '/ByteRange []', ['structure BYTE_RANGE_WRONG', RANGE]],
    ['a byte range of null', /\/ByteRange \[[^\]]*\]/, '/ByteRange null', ['structure BYTE_RANGE_WRONG', RANGE]],
  ] as const) {
    // made so from the beginning: nothing of it is signed
    const forged = latin(textOf(plain).replace(from, (found) => to.padEnd(found.length)));
    yield bad(`a signature with ${words}`, forged, blame);
  }
  yield bad(
    'a signature in no field',
    strangerPdf(signer, {
      changes: { [field]: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [0 0 0 0] >>' },
    }),
    [LOST],
  );
  yield bad(
    'a signature in a field that the form does not list',
    strangerPdf(signer, { changes: { [form]: '<< /Fields [9 0 R] /SigFlags 3 >>' } }),
    [LOST],
  );
  yield bad(
    'a signature in no form',
    strangerPdf(signer, { changes: { [catalogue]: '<< /Type /Catalog /Pages 2 0 R >>' } }),
    [LOST],
  );
  yield bad(
    'a signature that a later revision puts into the form',
    appendUpdate(strangerPdf(signer, { changes: { [form]: '<< /Fields [9 0 R] /SigFlags 3 >>' } }), {
      objects: { [form]: '<< /Fields [9 0 R 7 0 R] /SigFlags 3 >>' },
    }),
    [LOST.replace('structure', 'coverage')],
  );
  yield bad(
    'a second signature with a room inside the first',
    signText(
      appendUpdate(plain, {
        objects: { [fresh]: copy.replace(/\/ByteRange \[[^\]]*\]/, '/ByteRange [0 0000000000 0000000000 0000000000]') },
      }),
      (bytes) => encodeCms(bytes, { signer: other }),
    ),
    [LOST],
  );
  yield bad(
    'the value of another signer over the same bytes',
    putValue(plain, encodeCms(contentOf(plain), { signer: other, attributes: 'plain' })),
    ['signature SIGNER_NOT_BOUND'],
  );
}

function* broken({ policy, bases }: PdfWorld, { random }: Draw): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF broken', 'pdf', policy, { name, bytes, blame });
  const { plain, streams } = bases;
  const swapped = (from: string | RegExp, to: string, pdf = plain) => {
    const text = textOf(pdf);
    const changed = text.replace(from, (found) => (to.length < found.length ? to.padEnd(found.length) : to));
    if (changed === text) throw new Error(`nothing to replace: ${String(from)}`);
    return latin(changed);
  };
  yield bad('a line end behind the end', Buffer.concat([plain, latin('\n')]), [TRAILING]);
  yield bad('words behind the end', Buffer.concat([plain, latin('%hello\n')]), [TRAILING]);
  yield bad('zeros behind the end', Buffer.concat([plain, Buffer.alloc(100)]), [TRAILING]);
  yield bad('an archive behind the end', Buffer.concat([plain, latin('PK\x03\x04')]), [TRAILING]);
  yield bad('an end more', Buffer.concat([plain, latin(`startxref\n${lastXref(plain)}\n%%EOF\n`)]), [TRAILING]);
  yield bad('a copy of itself behind the end', Buffer.concat([plain, plain]), [TRAILING]);
  yield bad('words before the beginning', Buffer.concat([latin('hello\n'), plain]), [UNREADABLE]);
  yield bad('another version in the header', swapped('%PDF-1.7', '%PDF-1.4'), [CHANGED]);
  yield bad('no header', swapped('%PDF-', '%FDP-'), ['structure UNKNOWN_FORMAT']);
  yield bad('half of the file', plain.subarray(0, Math.floor(plain.length / 2)), [UNREADABLE]);
  yield bad('cut by one byte', plain.subarray(0, -1), [RANGE, CHANGED]);
  yield bad('cut to the header', plain.subarray(0, 20), [UNREADABLE]);
  yield bad('cut within the room', plain.subarray(0, roomOf(plain)[0] + 100), [UNREADABLE]);
  yield bad('said to be encrypted', appendUpdate(plain, { trailer: { Encrypt: '<< /Filter /Standard /V 4 >>' } }), [
    UNREADABLE,
  ]);
  yield bad('an xref that leads nowhere', swapped(/startxref\n\d+/, 'startxref\n9'), [XREF]);
  yield bad('an xref beyond the end', swapped(/startxref\n(\d)\d*/, 'startxref\n99999'), [UNREADABLE]);
  yield bad('no startxref', swapped('startxref', 'startxerf'), [UNREADABLE]);
  yield bad('no trailer', swapped('trailer', 'tialer '), [UNREADABLE]);
  yield bad('a trailer without a root', swapped('/Root 1 0 R', ''), [LOST]);
  yield bad(
    'an offset in the table',
    swapped(/(\d{10}) 00000 n \n(?=\d{10} 00000 n \ntrailer)/, '0000000009 00000 n \n'),
    [CHANGED],
  );
  yield bad('content changed where it stands', swapped('91410100MA00000001', '91410100MA00000002'), [CHANGED]);
  yield bad('the font changed where it stands', swapped('/Helvetica', '/Courier  '), [CHANGED]);
  yield bad('a page turned where it stands', swapped('[0 0 595 842]', '[0 0 842 595]'), [CHANGED]);
  yield bad('the name of the signature’s field', swapped('(Signature1)', '(Signature2)'), [CHANGED]);
  yield bad('the time said by the dictionary', swapped('D:20260602030405Z', 'D:20260602030406Z'), [CHANGED]);
  yield bad('a time of tomorrow said by the dictionary', swapped('D:20260602030405Z', 'D:20260702030405Z'), [
    CHANGED,
    'time TIME_IN_FUTURE',
  ]);
  yield bad('the kind of the signature', swapped('ETSI.CAdES.detached', 'adbe.pkcs7.detached'), [CHANGED]);
  yield bad('metadata changed where it stands', swapped('adobe:ns:meta/', 'adobe:ns:mata/'), [CHANGED]);
  yield bad('the identifier changed', swapped('<00112233', '<00112234'), [CHANGED]);
  yield bad('content changed, of a file with streams', swapped('91410100MA00000001', '91410100MA00000002', streams), [
    CHANGED,
  ]);
  for (let count = 0; count < 12; count += 1) {
    const out = Buffer.from(plain);
    const stretch = textOf(plain).indexOf('Tj ET', 100);
    const at = stretch - 30 + Math.floor(random() * 20);
    out[at] = (out[at] ?? 0) ^ 1;
    yield bad(`one bit of the content, ${count + 1}`, out, [CHANGED]);
  }
  const loop = appendUpdate(plain, { trailer: { Prev: String(plain.length) } });
  yield bad('cross-references in a circle', loop, [XREF]);
  yield bad('a previous section that is none', appendUpdate(plain, { trailer: { Prev: '20' } }), [UNREADABLE]);
  yield bad('a negative previous section', appendUpdate(plain, { trailer: { Prev: '-5' } }), [XREF]);
  yield bad('a previous section beyond the end', appendUpdate(plain, { trailer: { Prev: '99999999' } }), [XREF]);
  yield bad('a stream beside the table that is none', appendUpdate(plain, { trailer: { XRefStm: '20' } }), [
    UNREADABLE,
  ]);
  const free: Update = { free: [catalogue] };
  yield bad('the catalogue freed', appendUpdate(plain, free), [LOST, 'coverage SIGNATURE_STRIPPED']);
}

export function* badPdfStructure(world: PdfWorld, draw: Draw): Generator<BadCase> {
  yield* shadowsOf(world);
  yield* wrapped(world);
  yield* broken(world, draw);
}
