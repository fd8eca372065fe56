/** PDF files to which something was appended after signing (ISO 32000-1 §7.5.6): every kind of change, over signatures of every
 *  level, with and without another signature to cover it up. */
import { type BadCase, badCase } from './case.ts';
import { encodeCms } from './cms.ts';
import { LEVELLED, NEVER_DOCUMENT } from './pdf-changes.ts';
import { NEVER_PAGE } from './pdf-page-changes.ts';
import { appendUpdate, nextNumber, objectIn, signText, type Update, waiting } from './pdf-text.ts';
import { PART, type PdfWorld } from './pdf-world.ts';

const STRIPPED = 'coverage SIGNATURE_STRIPPED';

const NOT_PERMITTED = 'coverage CHANGE_NOT_PERMITTED';

const { page, form } = PART;

/** Signed once more by another of the same authority, in a field of its own. */
function signedOver(pdf: Uint8Array, update: Update, world: PdfWorld, look = '/Rect [0 0 0 0]'): Uint8Array {
  const { other } = world;
  const drafted = appendUpdate(pdf, update);
  const fresh = nextNumber(drafted);
  const list = objectIn(drafted, form);
  const listed = { [form]: list.replace(/\/Fields \[([^\]]*)\]/, `/Fields [$1 ${fresh} 0 R]`) };
  const last = update.objects ?? {};
  const pageNow = objectIn(drafted, page).replace(/\/Annots \[([^\]]*)\]/, `/Annots [$1 ${fresh} 0 R]`);
  const widget = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature2) /F 132 /P 3 0 R ${look} /V ${fresh + 1} 0 R >>`;
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
  for (const [words, update, blame, more = []] of [...NEVER_PAGE, ...NEVER_DOCUMENT]) {
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
  for (const [words, update, blame, more = []] of [...NEVER_PAGE, ...NEVER_DOCUMENT]) {
    // the other signature needs the form; and where nothing of the first is left, it stands alone
    if (blame === STRIPPED || words === 'the signature freed') continue;
    const bytes = signedOver(bases.plain, update(bases.plain), world);
    yield bad('PDF changed under cover of another signature', words, bytes, [blame, ...more]);
  }
  for (const base of ['level1', 'level2'] as const) {
    for (const [words, look] of [
      ['a seal over the page', '/Rect [0 0 595 842] /AP << /N 16 0 R >>'],
      ['a place over the page', '/Rect [0 0 595 842]'],
      ['a seal in a corner', '/Rect [500 700 590 790] /AP << /N 16 0 R >>'],
    ] as const) {
      const bytes = signedOver(bases[base], {}, world, look);
      yield bad('PDF covered by another signature', `${named[base]}, then ${words}`, bytes, [NOT_PERMITTED]);
    }
  }
  for (const [words, update] of LEVELLED) {
    const bytes = signedOver(bases.level1, update(bases.level1), world);
    yield bad('PDF changed under cover of another signature', `certified at level 1, then ${words}`, bytes, [
      NOT_PERMITTED,
    ]);
  }
}
