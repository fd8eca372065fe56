/** Files inside a PDF (ISO 32000-1 §7.11.4), named in the catalogue so that every reader lists them. */
import { deflateSync } from 'node:zlib';
import type { PDFDocument } from 'pdf-lib';
import { PDFHexString, PDFName, PDFRawStream, PDFString } from 'pdf-lib';

export interface PdfAttachment {
  readonly name: string;
  /** Media type, such as `application/json`. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly createdAt: Date;
}

export function attachFiles(document: PDFDocument, attachments: readonly PdfAttachment[]): void {
  if (attachments.length === 0) return;
  const { context, catalog } = document;
  const sorted = [...attachments].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = sorted.map((attachment) => ({ attachment, ref: attachFile(document, attachment) }));
  const names = files.flatMap(({ attachment, ref }) => [PDFHexString.fromText(attachment.name), ref]);
  catalog.set(PDFName.of('Names'), context.obj({ EmbeddedFiles: { Names: names } }));
  catalog.set(PDFName.of('AF'), context.obj(files.map(({ ref }) => ref)));
}

function attachFile({ context }: PDFDocument, { name, mediaType, bytes, createdAt }: PdfAttachment) {
  const date = PDFString.fromDate(createdAt);
  const packed = deflateSync(bytes);
  const file = PDFRawStream.of(
    context.obj({
      Type: 'EmbeddedFile',
      Subtype: mediaType,
      Params: { Size: bytes.length, CreationDate: date, ModDate: date },
      Filter: 'FlateDecode',
      Length: packed.length,
    }),
    packed,
  );
  return context.register(
    context.obj({
      Type: 'Filespec',
      F: PDFHexString.fromText(name),
      UF: PDFHexString.fromText(name),
      EF: { F: context.register(file) },
      AFRelationship: 'Data',
    }),
  );
}
