/** Changes of pages, content and resources appended to the plain document of the corpus, and what is blamed: never permitted,
 *  whoever signs afterwards and whatever the certification says. */
import { edited, nextNumber, stream, type Update } from './pdf-text.ts';
import { PART } from './pdf-world.ts';

const PAGE = 'coverage PAGE_CHANGED';

const CATALOGUE = 'coverage CATALOGUE_CHANGED';

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

const { catalogue, pages, page, content, font, secondPage, secondContent, hidden, picture } = PART;

/** Never permitted, whoever signs afterwards and whatever the certification says. */
export const NEVER_PAGE: readonly Change[] = [
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
];
