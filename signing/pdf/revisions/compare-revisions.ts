/** What a later revision did to a signed one (ISO 32000-2 §12.8.2.2; attacks after Mladenov et al. 2019, 2020 and 2021):
 *  every object that is another must be one that may change, in a place where it may, and must stand in no other place. */
import { SigningError } from '../../error.ts';
import type { CheckCode } from '../../verify/check-words.ts';
import { codeOfFault } from '../../verify/refused-report.ts';
import { formNodes } from '../form-nodes.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';
import { nameOf, type PdfValue } from '../syntax/pdf-value.ts';
import { type ChangedObjects, changedObjects, objectOf } from './changed-objects.ts';
import { compareAnnotation, compareAnnotations } from './compare-annotations.ts';
import { compareCatalogue, differsOnlyIn } from './compare-catalogue.ts';
import { compareField, refOf } from './compare-form.ts';
import { type Comparison, forbidden, type RevisionChanges } from './comparison.ts';
import { placesOf, type ReferenceSite, type ReferenceSites, referenceSites } from './reference-sites.ts';

/** @param end where the signed revision ends
 * @returns what was done, or the code of what is never permitted. @throws TOO_LARGE */
export function compareRevisions(before: PdfFile, after: PdfFile, end: number): RevisionChanges | CheckCode {
  try {
    const changed = changedObjects(before, after, end);
    if (typeof changed === 'string') return changed;
    return compare(before, after, changed);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'TOO_LARGE') throw error;
    return codeOfFault(error, 'CHANGED_AFTER_SIGNING');
  }
}

function compare(before: PdfFile, after: PdfFile, changed: ChangedObjects): RevisionChanges {
  const found = {
    signatures: false,
    placed: false,
    timeStamps: false,
    validationData: false,
    filled: [],
    annotated: false,
    drawnOver: false,
  };
  const form = formNodes(before);
  const nodes = new Map(form.flatMap((node) => (node.number === undefined ? [] : [[node.number, node] as const])));
  const names = new Set(form.map(({ name }) => name));
  const comparison: Comparison = { before, after, changed, nodes, names, newFields: new Set(), found };
  compareCatalogue(comparison);
  const asked = new Set([...changed.replaced, ...changed.freed, ...changed.added]);
  const sites = referenceSites(before, asked);
  if (sites === undefined) throw new SigningError('TOO_LARGE', 'too many references');
  // a reference that led nowhere leads somewhere now
  for (const number of changed.added) if (sites.has(number)) throw forbidden('HIDDEN_OBJECTS');
  for (const number of changed.freed) judgeFreed(comparison, sites, number);
  for (const number of changed.replaced) judgeReplaced(comparison, sites, number);
  return found;
}

/** Only a comment can go. */
function judgeFreed(comparison: Comparison, sites: ReferenceSites, number: number): void {
  const was = objectOf(comparison.before, number);
  const comment = was.kind === 'dict' && was.entries.has('Subtype') && compareGone(comparison, was);
  if (!comment || !standsOnlyUnder(placesOf(sites, number), ANNOTATION_PLACES)) throw forbidden('OBJECT_REPLACED');
}

function compareGone(comparison: Comparison, was: PdfValue): boolean {
  compareAnnotations(comparison, { kind: 'array', items: [was] }, { kind: 'array', items: [] });
  return true;
}

const FIELD_PLACES = new Set('Fields Kids Annots Parent Obj CO Popup'.split(' '));
const ANNOTATION_PLACES = new Set('Annots Popup Parent IRT Obj'.split(' '));
const PAGE_KEYS = new Set('Contents Resources Kids MediaBox CropBox Rotate Pages Font XObject ColorSpace'.split(' '));

function judgeReplaced(comparison: Comparison, sites: ReferenceSites, number: number): void {
  const { before, after } = comparison;
  const places = placesOf(sites, number);
  const was = objectOf(before, number);
  const under = (...keys: string[]): boolean => standsOnlyUnder(places, new Set(keys));
  // trailer, catalogue and form were compared already: what counts is that they are nothing else beside
  if (isRefTo(before.trailer.entries.get('Root'), number) && under('Root', 'Data')) return;
  if (under('Info') && places.every(({ holder }) => isTrailer(before, holder))) return;
  if (under('AcroForm') && places.every(({ holder }) => isRoot(before, holder))) return;
  if (was.kind === 'array' && under('Fields') && places.every(({ holder }) => isForm(before, holder))) return;
  if (isOfStore(before, places)) {
    comparison.found.validationData = true;
    return;
  }
  if (was.kind === 'array' && under('Annots') && places.every(({ holder }) => isPage(before, holder))) {
    compareAnnotations(comparison, was, after.resolve(refOf(comparison, number)));
    return;
  }
  if (standsOnlyUnder(places, FIELD_PLACES) && compareField(comparison, number)) return;
  if (standsOnlyUnder(places, ANNOTATION_PLACES) && compareAnnotation(comparison, number, was)) return;
  if (isAppearance(comparison, places)) return;
  judgePage(comparison, was, number, places);
}

/** A page may gain annotations. */
function judgePage(comparison: Comparison, was: PdfValue, number: number, places: readonly ReferenceSite[]): void {
  const { before, after } = comparison;
  const is = after.plainDict(refOf(comparison, number));
  const isPageContent = places.some(({ path }) => path.some((key) => PAGE_KEYS.has(key)));
  if (was.kind !== 'dict' || nameOf(was.entries.get('Type')) !== 'Page') {
    throw forbidden(isPageContent ? 'PAGE_CHANGED' : 'OBJECT_REPLACED');
  }
  if (is === undefined || !differsOnlyIn(was, is, 'Annots')) throw forbidden('PAGE_CHANGED');
  compareAnnotations(comparison, before.resolve(was.entries.get('Annots')), after.resolve(is.entries.get('Annots')));
}

/** The appearance of a field that is filled in, written again under its number. */
function isAppearance({ nodes, found }: Comparison, places: readonly ReferenceSite[]): boolean {
  const owners = places.map(({ holder, path }) => {
    const node = holder === undefined ? undefined : nodes.get(holder);
    return path[0] === 'AP' ? node : undefined;
  });
  if (owners.length === 0 || owners.some((node) => node === undefined)) return false;
  if (owners.some((node) => node?.type === 'Sig')) throw forbidden('SIGNED_FIELD_CHANGED');
  for (const node of owners) found.filled.push(node?.name ?? '');
  return true;
}

/** The document security store, and what hangs on it alone. */
function isOfStore(before: PdfFile, places: readonly ReferenceSite[]): boolean {
  const held = before.dict(before.trailer.entries.get('Root'))?.entries.get('DSS');
  const store = before.dict(held);
  const related = before.dict(store?.entries.get('VRI'));
  const refs = [held, store?.entries.get('VRI'), ...(related?.entries.values() ?? [])];
  const parts = new Set(refs.flatMap((ref) => (ref?.kind === 'ref' ? [ref.number] : [])));
  return (
    places.length > 0 &&
    places.every(({ holder, path }) =>
      isRoot(before, holder) ? path[0] === 'DSS' : holder !== undefined && parts.has(holder),
    )
  );
}

function standsOnlyUnder(places: readonly ReferenceSite[], keys: ReadonlySet<string>): boolean {
  return places.length > 0 && places.every(({ path }) => keys.has(path.at(-1) ?? ''));
}

function isRoot(file: PdfFile, holder: number | undefined): boolean {
  return holder !== undefined && isRefTo(file.trailer.entries.get('Root'), holder);
}

/** The trailer may be a stream among the objects. */
function isTrailer(file: PdfFile, holder: number | undefined): boolean {
  const dict = holder === undefined ? undefined : objectOf(file, holder);
  return dict === undefined || (dict.kind === 'dict' && nameOf(dict.entries.get('Type')) === 'XRef');
}

function isForm(file: PdfFile, holder: number | undefined): boolean {
  const held = file.dict(file.trailer.entries.get('Root'))?.entries.get('AcroForm');
  return isRoot(file, holder) || (holder !== undefined && isRefTo(held, holder));
}

function isPage(file: PdfFile, holder: number | undefined): boolean {
  const dict = holder === undefined ? undefined : objectOf(file, holder);
  return dict?.kind === 'dict' && nameOf(dict.entries.get('Type')) === 'Page';
}

function isRefTo(value: PdfValue | undefined, number: number): boolean {
  return value?.kind === 'ref' && value.number === number;
}
