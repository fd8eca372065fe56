/** What may be appended to the plain document of the corpus, and what is blamed: changes that are never permitted, and changes that
 *  some levels of certification permit. */
import { edited, nextNumber, stream, type Update } from './pdf-text.ts';
import { PART } from './pdf-world.ts';

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

const { catalogue, page, content, form, field, signature, text, secondPage, comment, info, metadata, layer } = PART;

/** Filling in and commenting: permitted at some levels. */
type Level = 'plain' | 'level1' | 'level2' | 'level3';

/** Changes of catalogue, form and fields that are never permitted. */
export const NEVER_DOCUMENT: readonly Change[] = [
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
  ...(
    [
      ['a version that there is not', '/Version /9.9'],
      ['a version that is no name', '/Version (1.7)'],
      ['a lower version', '/Version /1.4'],
      ['an extension of nobody', '/Extensions << /EVIL << /BaseVersion /1.7 /ExtensionLevel 1 >> >>'],
      ['an extension with a script', '/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 2 /JS (x) >> >>'],
      ['an extension of no version', '/Extensions << /ESIC << /BaseVersion /9.9 /ExtensionLevel 2 >> >>'],
      ['an extension of no level', '/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 9999 >> >>'],
      ['extensions that are words', '/Extensions << /ESIC (forged) >>'],
      ['an extension that is a stream', '/Extensions << /ESIC 4 0 R >>'],
    ] as const
  ).map(([words, keys]): Change => [words, edit(catalogue, '/Pages', `${keys} /Pages`), CATALOGUE]),
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

export const LEVELLED: readonly (readonly [Change[0], Change[1], Change[2], levels: readonly Level[]])[] = [
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
