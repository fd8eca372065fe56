/** PDF files to which something was appended after signing (ISO 32000-1 §7.5.6): every kind of change, over signatures of every
 *  level, with and without another signature to cover it up. */
import { type BadCase, badCase } from './case.ts';
import { encodeCms } from './cms.ts';
import { appendUpdate, edited, nextNumber, objectIn, signText, stream, type Update, waiting } from './pdf-text.ts';
import { PART, type PdfWorld } from './pdf-world.ts';

const PAGE = 'coverage PAGE_CHANGED';
const CATALOGUE = 'coverage CATALOGUE_CHANGED';
const FORM = 'coverage FORM_CHANGED';
const REPLACED = 'coverage OBJECT_REPLACED';
const SIGNED_FIELD = 'coverage SIGNED_FIELD_CHANGED';
const STRIPPED = 'coverage SIGNATURE_STRIPPED';
const NOT_PERMITTED = 'coverage CHANGE_NOT_PERMITTED';

/** No field shows it any more. */
const LOST = ['structure SIGNATURE_LIST_WRONG'];

type Change = readonly [words: string, update: (pdf: Uint8Array) => Update, blame: string, more?: readonly string[]];

const edit =
  (number: number, from: string | RegExp, to: string) =>
  (pdf: Uint8Array): Update => ({ objects: edited(pdf, number, from, to) });
const put = (number: number, body: string) => (): Update => ({ objects: { [number]: body } });
/** An object changed to name a new one. */
const naming =
  (number: number, from: string | RegExp, to: (fresh: number) => string, body: string) =>
  (pdf: Uint8Array): Update => {
    const fresh = nextNumber(pdf);
    return { objects: { ...edited(pdf, number, from, to(fresh)), [fresh]: body } };
  };
const shown = stream('BT /F1 24 Tf 60 700 Td (Licence 00000) Tj ET');
const {
  catalogue,
  pages,
  page,
  content,
  font,
  form,
  field,
  signature,
  text,
  secondPage,
  secondContent,
  comment,
  info,
  metadata,
  hidden,
  picture,
  layer,
} = PART;

/** Never permitted, whoever signs afterwards and whatever the certification says. */
const NEVER: readonly Change[] = [
  ['the content of a page replaced', put(content, shown), PAGE],
  ['the content of the second page replaced', put(secondContent, shown), PAGE],
  ['the content of a page emptied', put(content, stream('')), PAGE],
  ['a page given other content', naming(page, '/Contents 4 0 R', (fresh) => `/Contents ${fresh} 0 R`, shown), PAGE],
  [
    'a page given more content',
    naming(page, '/Contents 4 0 R', (fresh) => `/Contents [4 0 R ${fresh} 0 R]`, shown),
    PAGE,
  ],
  ['a page given content that was hidden in the file', edit(page, '/Contents 4 0 R', `/Contents ${hidden} 0 R`), PAGE],
  ['two pages exchanged', edit(pages, '[3 0 R 10 0 R]', '[10 0 R 3 0 R]'), PAGE],
  ['a page removed', edit(pages, '[3 0 R 10 0 R] /Count 2', '[3 0 R] /Count 1'), PAGE],
  [
    'a page added',
    naming(
      pages,
      '[3 0 R 10 0 R] /Count 2',
      (fresh) => `[3 0 R 10 0 R ${fresh} 0 R] /Count 3`,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    ),
    PAGE,
  ],
  ['a page shown twice', edit(pages, '[3 0 R 10 0 R] /Count 2', '[3 0 R 10 0 R 10 0 R] /Count 3'), PAGE],
  [
    'another tree of pages',
    naming(catalogue, '/Pages 2 0 R', (fresh) => `/Pages ${fresh} 0 R`, '<< /Type /Pages /Kids [10 0 R] /Count 1 >>'),
    CATALOGUE,
  ],
  ['a page turned', edit(page, '/MediaBox', '/Rotate 90 /MediaBox'), PAGE],
  ['a page cut smaller', edit(page, '/MediaBox [0 0 595 842]', '/MediaBox [0 0 595 400]'), PAGE],
  ['a page with a crop box', edit(page, '/MediaBox', '/CropBox [0 0 100 100] /MediaBox'), PAGE],
  ['a page of another scale', edit(page, '/MediaBox', '/UserUnit 2 /MediaBox'), PAGE],
  ['the font replaced', put(font, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>'), PAGE],
  [
    'the font of a page exchanged',
    naming(page, '/F1 5 0 R', (fresh) => `/F1 ${fresh} 0 R`, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>'),
    PAGE,
  ],
  ['the encoding of the font', edit(font, '/BaseFont', '/Encoding << /Differences [48 /nine] >> /BaseFont'), PAGE],
  [
    'the picture replaced',
    put(
      picture,
      stream(
        '\xff\xff\xff',
        '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB',
      ),
    ),
    PAGE,
  ],
  [
    'the picture exchanged for another',
    naming(
      page,
      '/I 16 0 R',
      (fresh) => `/I ${fresh} 0 R`,
      stream(
        '\x01\x02\x03',
        '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB',
      ),
    ),
    PAGE,
  ],
  ['an action of a page', edit(page, '/MediaBox', '/AA << /O << /S /JavaScript /JS (app.alert) >> >> /MediaBox'), PAGE],
  ['a group of a page', edit(page, '/MediaBox', '/Group << /S /Transparency >> /MediaBox'), PAGE],
  ['the annotations of a page removed', edit(page, /\/Annots \[[^\]]*\]/, ''), PAGE],
  ['the signature’s annotation taken off the page', edit(page, '[7 0 R 9 0 R 12 0 R]', '[9 0 R 12 0 R]'), PAGE],
  ['the annotations of a page in another order', edit(page, '[7 0 R 9 0 R 12 0 R]', '[12 0 R 9 0 R 7 0 R]'), PAGE],
  [
    'a link',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (http://example.org) >> >>',
    ),
    PAGE,
  ],
  [
    'a widget of no field',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Widget /Rect [0 0 595 842] >>',
    ),
    PAGE,
  ],
  [
    'a film over the page',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Screen /Rect [0 0 595 842] >>',
    ),
    PAGE,
  ],
  [
    'a redaction',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Redact /Rect [0 0 595 842] >>',
    ),
    PAGE,
  ],
  [
    'a watermark',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Watermark /Rect [0 0 595 842] >>',
    ),
    PAGE,
  ],
  [
    'an attached file on the page',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS (x) >>',
    ),
    PAGE,
  ],
  [
    'a comment with an action',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] /A << /S /JavaScript /JS (x) >> >>',
    ),
    PAGE,
  ],
  [
    'an annotation on the second page, which had none',
    naming(
      secondPage,
      '/Contents',
      (fresh) => `/Annots [${fresh} 0 R] /Contents`,
      '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] >>',
    ),
    PAGE,
  ],
  [
    'an action on opening',
    edit(catalogue, '/Pages', '/OpenAction << /S /JavaScript /JS (app.alert) >> /Pages'),
    CATALOGUE,
  ],
  ['a view on opening', edit(catalogue, '/Pages', '/OpenAction [10 0 R /Fit] /Pages'), CATALOGUE],
  [
    'scripts by name',
    edit(catalogue, '/Pages', '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >> /Pages'),
    CATALOGUE,
  ],
  [
    'an embedded file',
    naming(
      catalogue,
      '/Pages',
      (fresh) => `/Names << /EmbeddedFiles << /Names [(a) ${fresh} 0 R] >> >> /Pages`,
      '<< /Type /Filespec /F (a) >>',
    ),
    CATALOGUE,
  ],
  ['an associated file', edit(catalogue, '/Pages', '/AF [<< /Type /Filespec /F (a) >>] /Pages'), CATALOGUE],
  [
    'actions of the document',
    edit(catalogue, '/Pages', '/AA << /WP << /S /JavaScript /JS (x) >> >> /Pages'),
    CATALOGUE,
  ],
  ['destinations by name', edit(catalogue, '/Pages', '/Dests << /a [3 0 R /Fit] >> /Pages'), CATALOGUE],
  [
    'outlines',
    naming(catalogue, '/Pages', (fresh) => `/Outlines ${fresh} 0 R /Pages`, '<< /Type /Outlines /Count 0 >>'),
    CATALOGUE,
  ],
  ['labels of pages', edit(catalogue, '/Pages', '/PageLabels << /Nums [0 << /P (A) >>] >> /Pages'), CATALOGUE],
  ['a layer switched off', edit(catalogue, '/ON [17 0 R]', '/OFF [17 0 R]'), CATALOGUE],
  ['layers taken away', edit(catalogue, /\/OCProperties <<.*>> >>(?= >>)/, ''), CATALOGUE],
  ['a layer renamed', edit(layer, '(Layer)', '(Other)'), REPLACED],
  ['a tree of structure', edit(catalogue, '/Pages', '/StructTreeRoot << /Type /StructTreeRoot >> /Pages'), CATALOGUE],
  ['the marks of structure', edit(catalogue, '/Pages', '/MarkInfo << /Marked true >> /Pages'), CATALOGUE],
  ['another language', edit(catalogue, '/Pages', '/Lang (en) /Pages'), CATALOGUE],
  [
    'how it is viewed',
    edit(catalogue, '/Pages', '/PageMode /FullScreen /ViewerPreferences << /HideToolbar true >> /Pages'),
    CATALOGUE,
  ],
  ['a collection', edit(catalogue, '/Pages', '/Collection << /View /H >> /Pages'), CATALOGUE],
  ['requirements', edit(catalogue, '/Pages', '/Requirements [<< /S /EnableJavaScripts >>] /Pages'), CATALOGUE],
  [
    'metadata replaced',
    put(metadata, stream('<x:xmpmeta xmlns:x="adobe:ns:meta/">forged</x:xmpmeta>', '/Type /Metadata /Subtype /XML')),
    REPLACED,
  ],
  [
    'metadata exchanged',
    naming(
      catalogue,
      '/Metadata 14 0 R',
      (fresh) => `/Metadata ${fresh} 0 R`,
      stream('<x/>', '/Type /Metadata /Subtype /XML'),
    ),
    CATALOGUE,
  ],
  ['metadata taken away', edit(catalogue, '/Metadata 14 0 R', ''), CATALOGUE],
  ['another title', edit(info, '(Licence)', '(Forged)'), CATALOGUE],
  ['an author', edit(info, '/Title', '/Author (Forger) /Title'), CATALOGUE],
  ['the form taken away', edit(catalogue, '/AcroForm 6 0 R', ''), STRIPPED, LOST],
  [
    'the form replaced',
    naming(catalogue, '/AcroForm 6 0 R', (fresh) => `/AcroForm ${fresh} 0 R`, '<< /Fields [] >>'),
    STRIPPED,
    LOST,
  ],
  ['the signature’s field taken out of the form', edit(form, '[7 0 R 9 0 R]', '[9 0 R]'), STRIPPED, LOST],
  ['a field taken out of the form', edit(form, '[7 0 R 9 0 R]', '[7 0 R]'), FORM],
  ['fields in another order', edit(form, '[7 0 R 9 0 R]', '[9 0 R 7 0 R]'), FORM],
  [
    'a text field added',
    naming(form, '9 0 R]', (fresh) => `9 0 R ${fresh} 0 R]`, '<< /FT /Tx /T (new) /V (x) >>'),
    FORM,
  ],
  [
    'a field of the same name',
    naming(form, '9 0 R]', (fresh) => `9 0 R ${fresh} 0 R]`, '<< /FT /Sig /T (Signature1) >>'),
    FORM,
  ],
  ['an XFA form', edit(form, '/SigFlags', '/XFA (x) /SigFlags'), FORM],
  ['an order of calculation', edit(form, '/SigFlags', '/CO [9 0 R] /SigFlags'), FORM],
  ['another default appearance', edit(form, '/F1 10 Tf', '/F1 0 Tf'), FORM],
  ['appearances asked for', edit(form, '/SigFlags', '/NeedAppearances true /SigFlags'), FORM],
  ['the value of the signature taken away', edit(field, '/V 8 0 R', ''), STRIPPED, LOST],
  [
    'the value of the signature exchanged',
    naming(field, '/V 8 0 R', (fresh) => `/V ${fresh} 0 R`, '<< /Type /Sig >>'),
    SIGNED_FIELD,
    [...LOST, 'structure BYTE_RANGE_WRONG', 'coverage BYTE_RANGE_WRONG'],
  ],
  ['the signature moved on the page', edit(field, '[0 0 0 0]', '[0 0 595 842]'), SIGNED_FIELD],
  [
    'the signature given an appearance',
    naming(
      field,
      '/V 8 0 R',
      (fresh) => `/V 8 0 R /AP << /N ${fresh} 0 R >>`,
      stream('', '/Type /XObject /Subtype /Form /BBox [0 0 1 1]'),
    ),
    SIGNED_FIELD,
  ],
  ['the signature’s field renamed', edit(field, '(Signature1)', '(Signature9)'), STRIPPED],
  ['the signature made a button', edit(field, '/FT /Sig', '/FT /Btn'), STRIPPED, LOST],
  ['a field with an action', edit(text, '/V (Zhang)', '/V (Zhang) /AA << /K << /S /JavaScript /JS (x) >> >>'), FORM],
  ['a field moved', edit(text, '[60 600 300 620]', '[60 700 300 720]'), FORM],
  ['a field hidden', edit(text, '/F 4', '/F 2'), FORM],
  ['a field of another kind', edit(text, '/FT /Tx', '/FT /Btn'), FORM],
  ['a field renamed', edit(text, '(holder)', '(other)'), FORM],
  ['a field with a script for its value', edit(text, '/V (Zhang)', '/V << /S /JavaScript >>'), FORM],
  ['the comment made a link', edit(comment, '/Subtype /Text', '/Subtype /Link'), REPLACED],
  ['a page freed', () => ({ free: [secondPage] }), REPLACED],
  ['the content of a page freed', () => ({ free: [content] }), REPLACED],
  ['the signature freed', () => ({ free: [signature] }), 'structure UNSIGNED'],
];

/** Filling in and commenting: permitted at some levels. */
type Level = 'plain' | 'level1' | 'level2' | 'level3';
const LEVELLED: readonly (readonly [Change[0], Change[1], Change[2], levels: readonly Level[]])[] = [
  ['a field filled in', edit(text, '/V (Zhang)', '/V (Li)'), NOT_PERMITTED, ['plain', 'level1']],
  ['a field emptied', edit(text, '/V (Zhang)', ''), NOT_PERMITTED, ['plain', 'level1']],
  [
    'a comment',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Text /Rect [9 9 20 20] /Contents (c) >>',
    ),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2'],
  ],
  [
    'a highlight',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Highlight /Rect [9 9 20 20] >>',
    ),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2'],
  ],
  [
    'a drawn rectangle',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Square /Rect [0 0 595 842] /IC [1 1 1] >>',
    ),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2', 'level3'],
  ],
  [
    'free text over the page',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /FreeText /Rect [0 0 595 842] /Contents (forged) >>',
    ),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2', 'level3'],
  ],
  [
    'a rubber stamp with a picture',
    naming(
      page,
      '12 0 R]',
      (fresh) => `12 0 R ${fresh} 0 R]`,
      '<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /AP << /N 16 0 R >> >>',
    ),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2', 'level3'],
  ],
  [
    'a comment changed',
    edit(comment, '(a comment)', '(another comment)'),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2'],
  ],
  ['a comment removed', edit(page, '9 0 R 12 0 R]', '9 0 R]'), NOT_PERMITTED, ['plain', 'level1', 'level2', 'level3']],
  [
    'an empty field for a signature',
    naming(form, '9 0 R]', (fresh) => `9 0 R ${fresh} 0 R]`, '<< /FT /Sig /T (Signature3) >>'),
    NOT_PERMITTED,
    ['plain', 'level1', 'level2', 'level3'],
  ],
  ['another producer', edit(info, '(Elsewhere)', '(Forger)'), NOT_PERMITTED, ['plain', 'level1', 'level2', 'level3']],
  ['nothing but a revision', () => ({}), NOT_PERMITTED, ['plain', 'level1', 'level2', 'level3']],
];

/** Signed once more by another of the same authority, in a field of its own. */
function signedOver(pdf: Uint8Array, update: Update, world: PdfWorld): Uint8Array {
  const { other } = world;
  const drafted = appendUpdate(pdf, update);
  const fresh = nextNumber(drafted);
  const list = objectIn(drafted, form);
  const listed = { [form]: list.replace(/\/Fields \[([^\]]*)\]/, `/Fields [$1 ${fresh} 0 R]`) };
  const last = update.objects ?? {};
  const pageNow = objectIn(drafted, page).replace(/\/Annots \[([^\]]*)\]/, `/Annots [$1 ${fresh} 0 R]`);
  const widget = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature2) /F 132 /P 3 0 R /Rect [0 0 0 0] /V ${fresh + 1} 0 R >>`;
  const objects = { ...last, ...listed, [page]: pageNow, [fresh]: widget, [fresh + 1]: waiting() };
  return signText(appendUpdate(pdf, { ...update, objects }), (content) => encodeCms(content, { signer: other }));
}

export function* badPdfUpdates(world: PdfWorld): Generator<BadCase> {
  const { bases, policy } = world;
  const bad = (family: string, name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase(family, 'pdf', policy, { name, bytes, blame });
  const named = {
    plain: 'signed',
    level1: 'certified at level 1',
    level2: 'certified at level 2',
    level3: 'certified at level 3',
  } as const;
  for (const [words, update, blame, more = []] of NEVER) {
    for (const base of ['plain', 'level3'] as const) {
      yield bad(
        'PDF changed after signing',
        `${named[base]}, then ${words}`,
        appendUpdate(bases[base], update(bases[base])),
        [blame, ...more],
      );
    }
  }
  for (const [words, update, blame, levels] of LEVELLED) {
    for (const base of levels) {
      yield bad(
        'PDF beyond what is permitted',
        `${named[base]}, then ${words}`,
        appendUpdate(bases[base], update(bases[base])),
        [blame],
      );
    }
  }
  for (const [words, update, blame, more = []] of NEVER) {
    // the other signature needs the form; and where nothing of the first is left, it stands alone
    if (blame === STRIPPED || words === 'the signature freed') continue;
    const bytes = signedOver(bases.plain, update(bases.plain), world);
    yield bad('PDF changed under cover of another signature', words, bytes, [blame, ...more]);
  }
  for (const [words, update] of LEVELLED) {
    const bytes = signedOver(bases.level1, update(bases.level1), world);
    yield bad('PDF changed under cover of another signature', `certified at level 1, then ${words}`, bytes, [
      NOT_PERMITTED,
    ]);
  }
}
