/** An object stream (ISO 32000-1 §7.5.7): objects packed together, named by a list at its beginning. */
import { SigningError } from '../../error.ts';
import { integerOf, type PdfDict, type PdfValue, pdfFault } from './pdf-value.ts';
import { PdfReader } from './read-value.ts';
import { MAX_OBJECTS } from './xref-section.ts';

/** Unpacked, but its objects not yet read. */
export class ObjectStream {
  readonly data: Uint8Array;
  /** Number and offset of each object, one after the other. */
  private readonly places: Uint32Array;

  /** @param data unpacked @throws MALFORMED, TOO_LARGE */
  constructor(dict: PdfDict, data: Uint8Array, offset: number) {
    const [count, first] = [integerOf(dict.entries.get('N')) ?? -1, integerOf(dict.entries.get('First')) ?? -1];
    if (count < 0 || first < 0 || first > data.length) throw pdfFault('object stream without counts', offset);
    if (count > MAX_OBJECTS) throw new SigningError('TOO_LARGE', 'too many objects');
    // every object takes at least four bytes: no room is made for what cannot be there
    if (count * 3 > data.length) throw pdfFault('object stream too short', offset);
    this.data = data;
    this.places = new Uint32Array(count * 2);
    const header = new PdfReader(data.subarray(0, first), 0);
    for (let i = 0; i < count * 2; i += 1) this.places[i] = header.expectInteger();
    const seen = new Set<number>();
    for (let i = 0; i < count * 2; i += 2) seen.add(this.places[i] ?? 0);
    if (seen.size !== count) throw pdfFault('object twice in a stream', offset);
    for (let i = 1; i < count * 2; i += 2) this.places[i] = first + (this.places[i] ?? 0);
  }

  /** @param index as the cross-reference says @throws MALFORMED when another object stands there */
  object(number: number, index: number): PdfValue {
    const at = this.places[index * 2 + 1];
    if (this.places[index * 2] !== number || at === undefined) throw pdfFault('object missing in its stream', 0);
    return new PdfReader(this.data, at).value();
  }
}
