/** What was appended behind a signed revision: nothing but further signatures, and the material to judge them later?
 *  (ISO 32000-1 §12.8.2.2, permission 2; ETSI EN 319 142-1 §5.4.) Anything else changes what was signed. */
import { SigningError } from '../error.ts';
import { openPdf } from './syntax/open-pdf.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { nameOf, type PdfDict, type PdfValue } from './syntax/pdf-value.ts';

const CATALOGUE_KEYS = ['AcroForm', 'DSS', 'Extensions'];
const FORM_KEYS = ['Fields', 'SigFlags'];

/** Keys that may differ in an object that was there before: those that hang a new signature into the document. */
function changeableKeys(dict: PdfDict): readonly string[] | undefined {
  const type = nameOf(dict.entries.get('Type'));
  if (type === 'Catalog') return CATALOGUE_KEYS;
  if (type === 'Page') return ['Annots'];
  return dict.entries.has('Fields') ? FORM_KEYS : undefined;
}

/** @param end where the signed revision ends */
export function onlyAddsSignatures(file: PdfFile, end: number): boolean {
  const before = openRevision(file.bytes.subarray(0, end));
  if (before === undefined) return false;
  const sameRoot = isSame(before.trailer.entries.get('Root'), file.trailer.entries.get('Root'));
  return sameRoot && [...before.entries.keys()].every((number) => isKept(before, file, number));
}

/** The revision by itself; undefined when the bytes are not one. */
function openRevision(bytes: Uint8Array): PdfFile | undefined {
  const tail = Buffer.from(bytes.subarray(-8)).toString('latin1');
  if (!/%%EOF[\r\n]{0,2}$/.test(tail)) return undefined;
  try {
    return openPdf(bytes);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

/** One object of the signed revision says the same in the file, but for the keys that may change. */
function isKept(before: PdfFile, after: PdfFile, number: number): boolean {
  const [old, now] = [before.entries.get(number), after.entries.get(number)];
  if (old === undefined || old.kind === 'free' || JSON.stringify(old) === JSON.stringify(now)) return true;
  if (old.kind !== 'offset' || now?.kind === 'free' || now === undefined) return false;
  const ref: PdfValue = { kind: 'ref', number, generation: old.generation };
  const [was, is] = [before.dict(ref), after.dict(ref)];
  if (was === undefined || is === undefined) return false;
  const keys = changeableKeys(was);
  return keys !== undefined && keepsEntries(after, was, is, keys);
}

function keepsEntries(file: PdfFile, was: PdfDict, is: PdfDict, changeable: readonly string[]): boolean {
  const keys = new Set([...was.entries.keys(), ...is.entries.keys()]);
  return [...keys].every((key) => {
    const [old, now] = [was.entries.get(key), is.entries.get(key)];
    return isSame(old, now) || (changeable.includes(key) && isHarmless(file, key, old, now));
  });
}

/** Lists grow at their end by signature fields; the rest is flags and material for later judging. */
function isHarmless(file: PdfFile, key: string, old: PdfValue | undefined, now: PdfValue | undefined): boolean {
  if (key === 'DSS' || key === 'Extensions') return true;
  if (key === 'SigFlags') return now?.kind === 'number';
  if (key === 'AcroForm')
    return old?.kind === 'dict' && now?.kind === 'dict' && keepsEntries(file, old, now, FORM_KEYS);
  const before = old === undefined ? [] : old.kind === 'array' ? old.items : undefined;
  if (before === undefined || now?.kind !== 'array') return false;
  const kept = before.every((item, at) => isSame(item, now.items[at]));
  return kept && now.items.slice(before.length).every((item) => isSignatureField(file, item));
}

function isSignatureField(file: PdfFile, value: PdfValue): boolean {
  return nameOf(file.resolve(file.dict(value)?.entries.get('FT'))) === 'Sig';
}

/** The same value, wherever its bytes stand. */
function isSame(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: PdfValue | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'string') return `(${Buffer.from(value.bytes).toString('hex')})`;
  if (value.kind === 'array') return `[${value.items.map(canonical).join(' ')}]`;
  if (value.kind !== 'dict') return JSON.stringify(value);
  const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `<<${entries.map(([key, entry]) => `/${key} ${canonical(entry)}`).join(' ')}>>`;
}
