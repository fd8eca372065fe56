/** PDF files prepared before signing so that a later revision shows something else (shadow attacks). */
import { type BadCase, badCase } from './case.ts';
import { appendUpdate, edited, nextNumber, objectIn, stream } from './pdf-text.ts';
import { PART, type PdfWorld, strangerPdf } from './pdf-world.ts';

const HIDDEN = 'coverage HIDDEN_OBJECTS';

const PAGE = 'coverage PAGE_CHANGED';

const XREF = 'structure XREF_WRONG';

const { catalogue, page, content, hidden, font, text: textField, metadata } = PART;

const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

const offsetOf = (pdf: Uint8Array, number: number): number => textOf(pdf).lastIndexOf(`\n${number} 0 obj`) + 1;

/** Something else under a number that is signed, in the signed bytes. */
function withTwin(): Readonly<Record<number, string>> {
  const shown = stream(
    `BT /F1 24 Tf (x) Tj ET\n4 0 obj\n${stream('BT /F1 24 Tf 60 700 Td (Licence 99999) Tj ET')}\nendobj\n`,
  );
  return { [hidden]: shown };
}

export function* shadowsOf({ signer, policy, bases }: PdfWorld): Generator<BadCase> {
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
