/** PDF objects (ISO 32000-1 §7.3) made from plain values, in the form in which the reader gives them. */
import type { PdfArray, PdfDict, PdfName, PdfString, PdfValue } from './syntax/pdf-value.ts';

export function name(value: string): PdfName {
  return { kind: 'name', value };
}

export function number(value: number): PdfValue {
  return { kind: 'number', value };
}

export function array(items: readonly PdfValue[]): PdfArray {
  return { kind: 'array', items };
}

export function numbers(values: readonly number[]): PdfArray {
  return array(values.map(number));
}

/** Entries in the order given; those that are undefined are left out. */
export function dict(entries: Readonly<Record<string, PdfValue | undefined>>): PdfDict {
  return withEntries({ kind: 'dict', entries: new Map() }, entries);
}

/** A dictionary with some entries set anew; undefined takes an entry away. */
export function withEntries(base: PdfDict, changes: Readonly<Record<string, PdfValue | undefined>>): PdfDict {
  const entries = new Map(base.entries);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return { kind: 'dict', entries };
}

export function byteString(bytes: Uint8Array): PdfString {
  return { kind: 'string', bytes, plainHex: true, start: 0, end: 0 };
}

/** Text of ASCII characters only, such as a date. */
export function asciiString(text: string): PdfString {
  return byteString(Buffer.from(text, 'latin1'));
}

/** Text that people read (§7.9.2.2): UTF-16, big end first, behind a byte order mark. */
export function textString(text: string): PdfString {
  return byteString(Buffer.from(`\ufeff${text}`, 'utf16le').swap16());
}

/** A field's name: as it reads when it can be. */
export function nameString(text: string): PdfString {
  return /^[ -~]*$/.test(text) ? asciiString(text) : textString(text);
}

/** A date (§7.9.4) in China's time, which has had no summer time since 1991. */
export function dateString(at: Date): PdfString {
  const local = new Date(at.getTime() + 8 * 3600 * 1000).toISOString();
  return asciiString(`D:${local.slice(0, 19).replace(/[-:T]/g, '')}+08'00'`);
}
