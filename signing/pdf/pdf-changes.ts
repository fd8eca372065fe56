/** What a revision is to change in a PDF file, gathered before it is written. Objects changed twice are written once. */
import { appendRevision, firstFreeNumber, type RevisedObject } from './append-revision.ts';
import { array } from './make-value.ts';
import type { ObjectSink } from './object-sink.ts';
import { openPdf } from './syntax/open-pdf.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { type PdfDict, type PdfRef, type PdfValue, pdfFault } from './syntax/pdf-value.ts';

export class PdfChanges implements ObjectSink {
  readonly file: PdfFile;
  private readonly objects = new Map<number, RevisedObject>();
  private free: number;

  /** @throws MALFORMED, TOO_LARGE, UNSUPPORTED with reason ENCRYPTED */
  constructor(pdf: Uint8Array) {
    this.file = openPdf(pdf);
    this.free = firstFreeNumber(this.file);
  }

  /** The value as it will be. */
  resolve(value: PdfValue | undefined): PdfValue {
    const changed = value?.kind === 'ref' ? this.objects.get(value.number) : undefined;
    return changed === undefined ? this.file.resolve(value) : changed.value;
  }

  /** As `resolve`, when it is a dictionary. */
  dict(value: PdfValue | undefined): PdfDict | undefined {
    const resolved = this.resolve(value);
    return resolved.kind === 'dict' ? resolved : undefined;
  }

  add(value: PdfValue, stream?: Uint8Array): PdfRef {
    const ref: PdfRef = { kind: 'ref', number: this.free, generation: 0 };
    this.free += 1;
    this.objects.set(ref.number, stream === undefined ? { ref, value } : { ref, value, stream });
    return ref;
  }

  change(ref: PdfRef, value: PdfValue): void {
    this.objects.set(ref.number, { ref, value });
  }

  /** The document's catalogue. @throws MALFORMED when there is none */
  catalogue(): { readonly ref: PdfRef; readonly value: PdfDict } {
    const ref = this.file.trailer.entries.get('Root');
    const value = this.dict(ref);
    if (ref?.kind !== 'ref' || value === undefined) throw pdfFault('no catalogue', 0);
    return { ref, value };
  }

  /** The list under `key`, longer by one: where it is an object of its own, that object changes; else the new list is
   *  given back, to be put into the dictionary. @throws MALFORMED when it is no list */
  appendTo(holder: PdfDict, key: string, item: PdfValue): PdfValue {
    const held = holder.entries.get(key);
    const list = this.resolve(held);
    if (list.kind !== 'array' && list.kind !== 'null') throw pdfFault(`${key} is no list`, 0);
    const longer = array([...(list.kind === 'array' ? list.items : []), item]);
    if (held?.kind !== 'ref' || list.kind === 'null') return longer;
    this.change(held, longer);
    return held;
  }

  /** The file with these changes in a revision of their own. */
  append(): Uint8Array {
    return appendRevision(this.file, [...this.objects.values()]);
  }
}
