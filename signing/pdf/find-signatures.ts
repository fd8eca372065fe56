/** Every signature dictionary of a PDF file (ISO 32000-1 §12.8.1): found by walking all objects that the
 *  cross-references name, not by searching for words, and by following the form's signature fields. */
import { SigningError } from '../error.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { integerOf, nameOf, type PdfDict, type PdfString, type PdfValue } from './syntax/pdf-value.ts';

export interface FoundSignature {
  readonly dict: PdfDict;
  readonly contents: PdfString;
  /** The four numbers of /ByteRange. */
  readonly byteRange: readonly [number, number, number, number];
  readonly subFilter: string;
  /** It is the value of a signature field, so that readers show it. */
  readonly inField: boolean;
  /** DocMDP permission, when it certifies the document. */
  readonly certifies: number | undefined;
}

const MAX_FIELDS = 100_000;

/** In the order of what they cover. @throws MALFORMED for a signature dictionary that is not whole */
export function findSignatures(file: PdfFile): FoundSignature[] {
  const dictionaries = new Set<PdfDict>();
  for (const [number, entry] of file.entries) {
    if (entry.kind === 'free') continue;
    const generation = entry.kind === 'offset' ? entry.generation : 0;
    collect(readable(file, { kind: 'ref', number, generation }), dictionaries);
  }
  const inFields = fieldValues(file);
  for (const dict of inFields) dictionaries.add(dict);
  const found = [...dictionaries].map((dict) => toSignature(file, dict, inFields.has(dict)));
  return found.sort((a, b) => endOf(a) - endOf(b));
}

/** Where the bytes end that a signature covers. */
export function endOf(signature: FoundSignature): number {
  return signature.byteRange[2] + signature.byteRange[3];
}

/** Genuine files name objects that are not there, or are broken, and that nobody looks at. What the form's fields
 *  lead to is read below without such lenience. */
function readable(file: PdfFile, ref: PdfValue): PdfValue {
  try {
    return file.resolve(ref);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'MALFORMED') return { kind: 'null' };
    throw error;
  }
}

/** Dictionaries inside a value that have a byte range. */
function collect(value: PdfValue, into: Set<PdfDict>): void {
  if (value.kind === 'array') for (const item of value.items) collect(item, into);
  if (value.kind !== 'dict') return;
  if (value.entries.has('ByteRange') && value.entries.has('Contents')) into.add(value);
  for (const entry of value.entries.values()) collect(entry, into);
}

/** The values of all filled signature fields, down the tree of AcroForm/Fields. */
function fieldValues(file: PdfFile): Set<PdfDict> {
  const values = new Set<PdfDict>();
  const form = file.dict(file.dict(file.trailer.entries.get('Root'))?.entries.get('AcroForm'));
  const pending: { value: PdfValue; type: string | undefined }[] = [];
  const push = (list: PdfValue, type: string | undefined): void => {
    if (list.kind === 'array') pending.push(...list.items.map((value) => ({ value, type })));
  };
  push(file.resolve(form?.entries.get('Fields')), undefined);
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    seen += 1;
    if (seen > MAX_FIELDS) throw new SigningError('TOO_LARGE', 'too many form fields');
    const field = file.dict(next.value);
    if (field === undefined) continue;
    const type = nameOf(file.resolve(field.entries.get('FT'))) ?? next.type;
    const value = file.dict(field.entries.get('V'));
    if (type === 'Sig' && value !== undefined) values.add(value);
    push(file.resolve(field.entries.get('Kids')), type);
  }
  return values;
}

function toSignature(file: PdfFile, dict: PdfDict, inField: boolean): FoundSignature {
  const contents = dict.entries.get('Contents');
  const range = dict.entries.get('ByteRange');
  const numbers = range?.kind === 'array' ? range.items.map(integerOf) : [];
  const [a, b, c, d] = numbers;
  if (contents?.kind !== 'string' || a === undefined || b === undefined || c === undefined || d === undefined) {
    throw new SigningError('MALFORMED', 'a signature dictionary is not whole');
  }
  if (numbers.length !== 4) throw new SigningError('MALFORMED', 'a byte range of more than two parts');
  const subFilter = nameOf(file.resolve(dict.entries.get('SubFilter'))) ?? '';
  return { dict, contents, byteRange: [a, b, c, d], subFilter, inField, certifies: permissionOf(file, dict) };
}

/** Table 254: the DocMDP transform's /P, 2 when unsaid. */
function permissionOf(file: PdfFile, dict: PdfDict): number | undefined {
  const references = file.resolve(dict.entries.get('Reference'));
  for (const item of references.kind === 'array' ? references.items : []) {
    const reference = file.dict(item);
    if (nameOf(file.resolve(reference?.entries.get('TransformMethod'))) !== 'DocMDP') continue;
    return integerOf(file.resolve(file.dict(reference?.entries.get('TransformParams'))?.entries.get('P'))) ?? 2;
  }
  return undefined;
}
