/** Where new objects of a PDF go: into a document of the library's, or into a revision. */
import {
  type PDFContext,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib';
import { number, withEntries } from './make-value.ts';
import type { PdfDict, PdfRef, PdfValue } from './syntax/pdf-value.ts';

export interface ObjectSink {
  /** @param stream packed as `value`, its dictionary, says; /Length is added */
  add(value: PdfValue, stream?: Uint8Array): PdfRef;
}

/** Put objects into the library's document. */
export function sinkInto(context: PDFContext): ObjectSink {
  return {
    add(value, stream) {
      const { objectNumber, generationNumber } = context.register(
        stream === undefined || value.kind !== 'dict' ? toLibrary(context, value) : toStream(context, value, stream),
      );
      return { kind: 'ref', number: objectNumber, generation: generationNumber };
    },
  };
}

function toStream(context: PDFContext, value: PdfDict, stream: Uint8Array): PDFRawStream {
  const dictionary = toDictionary(context, withEntries(value, { Length: number(stream.length) }));
  return PDFRawStream.of(dictionary, stream);
}

function toDictionary(context: PDFContext, value: PdfDict) {
  const dictionary = context.obj({});
  for (const [key, entry] of value.entries) dictionary.set(PDFName.of(key), toLibrary(context, entry));
  return dictionary;
}

/** A value as the library has it. */
export function toLibrary(context: PDFContext, value: PdfValue): PDFObject {
  switch (value.kind) {
    case 'null':
      return context.obj(null);
    case 'boolean':
      return context.obj(value.value);
    case 'number':
      return PDFNumber.of(value.value);
    case 'name':
      return PDFName.of(value.value);
    case 'ref':
      return PDFRef.of(value.number, value.generation);
    case 'array':
      return context.obj(value.items.map((item) => toLibrary(context, item)));
    case 'dict':
      return toDictionary(context, value);
    case 'string': {
      const text = Buffer.from(value.bytes).toString('latin1');
      if (text.length < 256 && /^[ -'*-[\]-~]*$/.test(text)) return PDFString.of(text);
      return PDFHexString.of(Buffer.from(value.bytes).toString('hex'));
    }
  }
}
