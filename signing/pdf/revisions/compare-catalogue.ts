/** What became of the trailer and the catalogue (ISO 32000-1 §7.5.5, §7.7.2): the form may grow, a document security store
 *  may come, with the version and the extensions that it needs, nothing else. Names, scripts, open actions, layers and embedded files all hang here. */
import type { PdfDict } from '../syntax/pdf-value.ts';
import { compareForm } from './compare-form.ts';
import { mayBeExtensions, mayBeVersion } from './compare-version.ts';
import { type Comparison, forbidden } from './comparison.ts';
import { changedKeys, isSame } from './same-value.ts';

/** Of the section itself, or of the stream that it is. */
const SECTION_KEYS = new Set('Size Prev ID XRefStm Type W Index Length Filter DecodeParms Info'.split(' '));

/** @throws the code of a change that is never permitted */
export function compareCatalogue(comparison: Comparison): void {
  const { before, after, found } = comparison;
  const odd = changedKeys(before.trailer, after.trailer).some((key) => !SECTION_KEYS.has(key));
  const [was, is] = [before.dict(before.trailer.entries.get('Root')), after.dict(after.trailer.entries.get('Root'))];
  if (odd || was === undefined || is === undefined) throw forbidden('CATALOGUE_CHANGED');
  compareInfo(before.dict(before.trailer.entries.get('Info')), after.dict(after.trailer.entries.get('Info')));
  for (const key of changedKeys(was, is)) {
    const value = after.resolve(is.entries.get(key));
    if (key === 'DSS' && value.kind === 'dict') found.validationData = true;
    else if (key === 'AcroForm') continue;
    else if (key === 'Extensions' && mayBeExtensions(before, was.entries.get(key), after, value)) continue;
    else if (key === 'Version' && mayBeVersion(before, was, after, is)) continue;
    else throw forbidden('CATALOGUE_CHANGED');
  }
  compareForm(comparison, before.dict(was.entries.get('AcroForm')), after.dict(is.entries.get('AcroForm')));
}

const INFO_KEYS = new Set(['ModDate', 'Producer']);

/** Programs that append say so. */
function compareInfo(was: PdfDict | undefined, is: PdfDict | undefined): void {
  if (was === undefined && is === undefined) return;
  if (was === undefined || is === undefined) throw forbidden('CATALOGUE_CHANGED');
  for (const key of changedKeys(was, is)) {
    const value = is.entries.get(key);
    if (!INFO_KEYS.has(key) || (value !== undefined && value.kind !== 'string')) throw forbidden('CATALOGUE_CHANGED');
  }
}

/** Whether two dictionaries differ in one key only, or not at all. */
export function differsOnlyIn(was: PdfDict, is: PdfDict, key: string): boolean {
  return [...new Set([...was.entries.keys(), ...is.entries.keys()])].every(
    (one) => one === key || isSame(was.entries.get(one), is.entries.get(one)),
  );
}
