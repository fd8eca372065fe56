/** Give a PDF a signature field (ISO 32000-1 §12.7.4.5, §12.8.1) that shows the seal's picture and keeps room for
 *  the signature. Box in millimetres, origin top-left. Save afterwards with `useObjectStreams: false`. */
import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFPage,
  type PDFRef,
  PDFString,
} from 'pdf-lib';
import { SigningError } from '../error.ts';
import type { Box } from '../face/face.ts';
import { readImage } from '../face/read-image.ts';
import { embedImage } from './embed-image.ts';
import { BYTE_RANGE_FILLER } from './placeholder.ts';

export interface SignatureField {
  /** Page index, from 0. */
  readonly page: number;
  /** Where the seal is pressed; absent: an invisible signature. */
  readonly seal?: {
    readonly box: Box;
    readonly picturePng: Uint8Array;
    /** Default: as large as the box allows. The picture keeps its proportions, in the middle of the box. */
    readonly pictureWidthMm?: number;
  };
  /** Who signs, why and where, as readers show it. */
  readonly name: string;
  readonly reason: string;
  readonly location: string;
  /** The claimed time of signing (/M), written in China's time. */
  readonly at: Date;
  /** DocMDP: 1 = no change is allowed after, 2 = only filling in forms and signing. Absent: not a certification. */
  readonly certify?: 1 | 2;
  /** Room for the CMS structure in bytes; default 8192. */
  readonly contentsBytes?: number;
}

const POINTS_PER_MM = 72 / 25.4;
const DEFAULT_CONTENTS_BYTES = 8192;
const PRINT_AND_LOCKED = 4 + 128;
const SIGNATURES_EXIST_AND_APPEND_ONLY = 3;

/** @throws MALFORMED when the page is not there, UNSUPPORTED when the picture is no PNG */
export async function prepareSignature(pdf: PDFDocument, field: SignatureField): Promise<void> {
  const page = pdf.getPages()[field.page];
  if (page === undefined) throw new SigningError('MALFORMED', 'the page to sign is not there', { page: field.page });
  const { context } = pdf;
  const signature = context.register(signatureDictionary(pdf, field));
  const [x = 0, y = 0, width = 0, height = 0] = (field.seal?.box ?? []).map((length) => length * POINTS_PER_MM);
  const bottom = page.getHeight() - y - height;
  const form = interactiveForm(pdf);
  const fields = form.lookup(PDFName.of('Fields'), PDFArray);
  const widget = context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: PDFString.of(`Signature${fields.size() + 1}`),
    F: PRINT_AND_LOCKED,
    P: page.ref,
    V: signature,
    Rect: field.seal === undefined ? [0, 0, 0, 0] : [x, bottom, x + width, bottom + height],
  });
  if (field.seal !== undefined) {
    widget.set(PDFName.of('AP'), context.obj({ N: await appearance(pdf, field.seal, width, height) }));
  }
  const widgetRef = context.register(widget);
  addAnnotation(page, widgetRef);
  fields.push(widgetRef);
  form.set(PDFName.of('SigFlags'), PDFNumber.of(SIGNATURES_EXIST_AND_APPEND_ONLY));
  if (field.certify !== undefined) pdf.catalog.set(PDFName.of('Perms'), context.obj({ DocMDP: signature }));
}

/** The library's own way would wrap the page's content anew, and so change what an earlier signature covers. */
function addAnnotation(page: PDFPage, widget: PDFRef): void {
  const name = PDFName.of('Annots');
  const annotations = page.node.lookupMaybe(name, PDFArray) ?? page.doc.context.obj([]);
  annotations.push(widget);
  page.node.set(name, annotations);
}

function signatureDictionary(pdf: PDFDocument, field: SignatureField): PDFDict {
  const { context } = pdf;
  const dictionary = context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, BYTE_RANGE_FILLER, BYTE_RANGE_FILLER, BYTE_RANGE_FILLER],
    Contents: PDFHexString.of('00'.repeat(field.contentsBytes ?? DEFAULT_CONTENTS_BYTES)),
    M: PDFString.of(toPdfDate(field.at)),
    Name: PDFHexString.fromText(field.name),
    Reason: PDFHexString.fromText(field.reason),
    Location: PDFHexString.fromText(field.location),
  });
  if (field.certify !== undefined) {
    const parameters = { Type: 'TransformParams', P: field.certify, V: PDFName.of('1.2') };
    const reference = { Type: 'SigRef', TransformMethod: 'DocMDP', TransformParams: parameters };
    dictionary.set(PDFName.of('Reference'), context.obj([reference]));
  }
  return dictionary;
}

/** The document's AcroForm, made when it has none, with a Fields array. */
function interactiveForm(pdf: PDFDocument): PDFDict {
  const name = PDFName.of('AcroForm');
  const form = pdf.catalog.lookupMaybe(name, PDFDict) ?? pdf.context.obj({ Fields: [] });
  if (!pdf.catalog.has(name)) pdf.catalog.set(name, pdf.context.register(form));
  if (!form.has(PDFName.of('Fields'))) form.set(PDFName.of('Fields'), pdf.context.obj([]));
  return form;
}

/** A form XObject that shows the seal's picture in the middle of a box of width × height points. */
async function appearance(
  pdf: PDFDocument,
  seal: NonNullable<SignatureField['seal']>,
  width: number,
  height: number,
): Promise<PDFRef> {
  const picture = readImage(seal.picturePng);
  if (picture?.format !== 'png') throw new SigningError('UNSUPPORTED', 'the seal’s picture is no PNG');
  const { widthPx, heightPx } = picture;
  const wanted = seal.pictureWidthMm === undefined ? width : seal.pictureWidthMm * POINTS_PER_MM;
  const scale = Math.min(wanted / widthPx, width / widthPx, height / heightPx);
  const [w, h] = [widthPx * scale, heightPx * scale];
  const [left, bottom] = [(width - w) / 2, (height - h) / 2];
  const numbers = [w, 0, 0, h, left, bottom].map((value) => Number(value.toFixed(4)));
  const stream = pdf.context.stream(`q ${numbers.join(' ')} cm /Seal Do Q`, {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, width, height],
    Resources: { XObject: { Seal: await embedImage(pdf, seal.picturePng) } },
  });
  return pdf.context.register(stream);
}

/** ISO 32000-1 §7.9.4 in China's time, which has had no summer time since 1991. */
function toPdfDate(at: Date): string {
  const local = new Date(at.getTime() + 8 * 3600 * 1000).toISOString();
  return `D:${local.slice(0, 19).replace(/[-:T]/g, '')}+08'00'`;
}
