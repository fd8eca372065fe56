/** The objects of a PDF file (ISO 32000-1 §7.3), as values that know where their bytes stand. */
import { SigningError } from '../../error.ts';

export interface PdfName {
  readonly kind: 'name';
  readonly value: string;
}

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  /** Written as pairs of hexadecimal digits and nothing else. */
  readonly plainHex: boolean;
  /** Offset of its first delimiter and offset behind its last, in the bytes that were read. */
  readonly start: number;
  readonly end: number;
}

export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}

export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
}

export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}

export type PdfValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | PdfName
  | PdfString
  | PdfArray
  | PdfDict
  | PdfRef;

/** A fault of a PDF file, with the offset where it was seen. */
export function pdfFault(message: string, offset: number): SigningError {
  return new SigningError('MALFORMED', `PDF: ${message} at offset ${offset}`, { reason: 'NOT_PDF', offset });
}

/** A fault of the cross-references: two readers could find two different objects. */
export function xrefFault(message: string, offset: number): SigningError {
  return new SigningError('MALFORMED', `PDF: ${message} at offset ${offset}`, { reason: 'XREF_WRONG', offset });
}

/** The whole number of a dictionary's entry, when it is one. */
export function integerOf(value: PdfValue | undefined): number | undefined {
  return value?.kind === 'number' && Number.isSafeInteger(value.value) ? value.value : undefined;
}

/** The name of a dictionary's entry, when it is one. */
export function nameOf(value: PdfValue | undefined): string | undefined {
  return value?.kind === 'name' ? value.value : undefined;
}
