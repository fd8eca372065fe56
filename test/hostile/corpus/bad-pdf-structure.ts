/** PDF files that show other things to other readers, or later: shadow attacks prepared before signing, cross-references that
 *  contradict themselves (ISO 32000-1 §7.5), wrapped signatures, and broken files. */
import { type BadCase, badCase, type Draw } from './case.ts';
import { encodeCms } from './cms.ts';
import {
  appendUpdate,
  contentOf,
  edited,
  lastXref,
  nextNumber,
  objectIn,
  putValue,
  roomOf,
  signText,
  stream,
  type Update,
  valueIn,
} from './pdf-text.ts';
import { PART, type PdfWorld, strangerPdf } from './pdf-world.ts';

const HIDDEN = 'coverage HIDDEN_OBJECTS';
const PAGE = 'coverage PAGE_CHANGED';
const CHANGED = 'digest DIGEST_MISMATCH';
const XREF = 'structure XREF_WRONG';
const UNREADABLE = 'structure UNREADABLE';
const TRAILING = 'coverage TRAILING_BYTES';
const LOST = 'structure SIGNATURE_LIST_WRONG';
const RANGE = 'coverage BYTE_RANGE_WRONG';
const OVERLAP = 'coverage SIGNATURES_OVERLAP';

const { catalogue, page, content, hidden, font, form, field, signature, text: textField, metadata } = PART;
const latin = (words: string): Buffer => Buffer.from(words, 'latin1');
const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
const offsetOf = (pdf: Uint8Array, number: number): number => textOf(pdf).lastIndexOf(`\n${number} 0 obj`) + 1;

/** Something else under a number that is signed, in the signed bytes. */
function withTwin(): Readonly<Record<number, string>> {
  const shown = stream(
    `BT /F1 24 Tf (x) Tj ET\n4 0 obj\n${stream('BT /F1 24 Tf 60 700 Td (Licence 99999) Tj ET')}\nendobj\n`,
  );
  return { [hidden]: shown };
}

function* shadowsOf({ signer, policy, bases }: PdfWorld): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF shadow attack', 'pdf', policy, { name, bytes, blame });
  const { plain, level3, streams } = bases;
  const twin = strangerPdf(signer, { changes: withTwin() });
  const inside = textOf(twin).indexOf('\n4 0 obj', offsetOf(twin, hidden)) + 1;
  yield bad(
    'a table that leads to content hidden in another object',
    appendUpdate(twin, { offsets: { [content]: inside } }),
    [HIDDEN],
  );
  yield bad(
    'a table that leads the content to what was hidden',
    appendUpdate(plain, { offsets: { [content]: offsetOf(plain, hidden) } }),
    [HIDDEN],
  );
  yield bad(
    'a table that leads the font to another object',
    appendUpdate(plain, { offsets: { [font]: offsetOf(plain, PART.layer) } }),
    [HIDDEN],
  );
  yield bad(
    'a table that names again what it named',
    appendUpdate(plain, { offsets: { [content]: offsetOf(plain, content) } }),
    ['coverage CHANGE_NOT_PERMITTED'],
  );
  yield bad(
    'a new number for something signed',
    appendUpdate(plain, { offsets: { [nextNumber(plain)]: offsetOf(plain, hidden) } }),
    [HIDDEN],
  );
  yield bad(
    'content covered by a picture that is taken away',
    appendUpdate(
      strangerPdf(signer, {
        changes: { [page]: objectIn(plain, page).replace('/Contents 4 0 R', '/Contents [4 0 R 15 0 R]') },
      }),
      { objects: { [hidden]: stream('') } },
    ),
    [PAGE],
  );
  yield bad(
    'a field whose value covered the text, emptied',
    appendUpdate(plain, { objects: edited(plain, textField, '/V (Zhang)', '/V ()') }),
    ['coverage CHANGE_NOT_PERMITTED'],
  );
  yield bad(
    'a field given an appearance that covers the page',
    appendUpdate(plain, {
      objects: {
        ...edited(plain, textField, '/V (Zhang)', `/V (Zhang) /AP << /N ${nextNumber(plain)} 0 R >>`),
        [nextNumber(plain)]: stream('1 g 0 0 595 842 re f', '/Type /XObject /Subtype /Form /BBox [0 0 595 842]'),
      },
    }),
    ['coverage CHANGE_NOT_PERMITTED'],
  );
  yield bad(
    'content in a form that the page shows, replaced',
    appendUpdate(plain, {
      objects: { [PART.picture]: stream('1 g', '/Type /XObject /Subtype /Form /BBox [0 0 1 1]') },
    }),
    [PAGE],
  );
  yield bad(
    'metadata that is a page’s content too',
    appendUpdate(
      strangerPdf(signer, {
        changes: { [page]: objectIn(plain, page).replace('/Contents 4 0 R', `/Contents ${metadata} 0 R`) },
      }),
      { objects: { [metadata]: stream('<forged/>', '/Type /Metadata /Subtype /XML') } },
    ),
    [PAGE],
  );
  yield bad(
    'an object of another generation',
    appendUpdate(plain, { objects: { [content]: stream('forged') }, generation: 1 }),
    [PAGE],
  );
  yield bad(
    'a table where there were streams, with other content',
    appendUpdate(streams, { objects: { [content]: stream('forged') } }),
    [PAGE],
  );
  yield bad(
    'a stream where there was a table, with other content',
    appendUpdate(plain, { objects: { [content]: stream('forged') }, form: 'stream' }),
    [PAGE],
  );
  yield bad(
    'another root',
    appendUpdate(plain, {
      objects: { [nextNumber(plain)]: objectIn(plain, catalogue).replace('/Metadata 14 0 R', '') },
      trailer: { Root: `${nextNumber(plain)} 0 R` },
    }),
    ['coverage CATALOGUE_CHANGED'],
  );
  yield bad(
    'another root with other pages',
    appendUpdate(level3, {
      objects: { [nextNumber(plain)]: '<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>' },
      trailer: { Root: `${nextNumber(plain)} 0 R` },
    }),
    ['coverage CATALOGUE_CHANGED'],
  );
  yield bad(
    'a revision that forgets the signed one',
    appendUpdate(plain, { objects: allObjects(plain), previous: undefined }),
    ['coverage UNCOVERED'],
  );
  yield bad('a revision that goes on from nowhere', appendUpdate(plain, { objects: allObjects(plain), previous: 9 }), [
    XREF,
  ]);
}

/** Every object written again. */
function allObjects(pdf: Uint8Array): Record<number, string> {
  const numbers = Array.from({ length: 17 }, (_, index) => index + 1);
  return Object.fromEntries(numbers.map((number) => [number, objectIn(pdf, number)]));
}

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
