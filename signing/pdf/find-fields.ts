/** The fields of a PDF's form (ISO 32000-1 §12.7.3): the tree of AcroForm/Fields, each with its whole name. */
import { SigningError } from '../error.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { nameOf, type PdfDict, type PdfValue } from './syntax/pdf-value.ts';

export interface FormField {
  /** How it is referred to; a field that stands in a list itself cannot be changed by itself. */
  readonly value: PdfValue;
  readonly dict: PdfDict;
  /** Partial names from the root, joined by periods. */
  readonly name: string;
  /** Tx, Btn, Ch or Sig, perhaps inherited. */
  readonly type: string | undefined;
}

const MAX_FIELDS = 100_000;

/** @throws TOO_LARGE, MALFORMED */
export function findFields(changes: PdfChanges): FormField[] {
  const form = changes.dict(changes.catalogue().value.entries.get('AcroForm'));
  const found: FormField[] = [];
  let seen = 0;
  const visit = (list: PdfValue, parent: FormField | undefined, depth: number): void => {
    if (list.kind !== 'array') return;
    for (const value of list.items) {
      seen += 1;
      if (seen > MAX_FIELDS || depth > 32) throw new SigningError('TOO_LARGE', 'too many form fields');
      const dict = changes.dict(value);
      if (dict === undefined) continue;
      const partial = partialName(changes, dict);
      // A kid without a name is no field, but a place where its parent shows.
      if (partial === undefined && parent !== undefined) continue;
      const name = [parent?.name, partial].filter((part) => part !== undefined).join('.');
      const type = nameOf(changes.resolve(dict.entries.get('FT'))) ?? parent?.type;
      const field: FormField = { value, dict, name, type };
      found.push(field);
      visit(changes.resolve(dict.entries.get('Kids')), field, depth + 1);
    }
  };
  visit(changes.resolve(form?.entries.get('Fields')), undefined, 0);
  return found;
}

function partialName(changes: PdfChanges, dict: PdfDict): string | undefined {
  const text = changes.resolve(dict.entries.get('T'));
  if (text.kind !== 'string') return undefined;
  const bytes = Buffer.from(text.bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return bytes.subarray(2).swap16().toString('utf16le');
  return bytes.toString('latin1');
}
