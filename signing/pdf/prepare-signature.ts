/** Give a PDF of the library's a signature field (ISO 32000-1 §12.7.4.5, §12.8.1) that shows the seal's picture and keeps
 *  room for the signature. Box in millimetres, origin top-left. Save afterwards with `useObjectStreams: false`. */
import { PDFArray, PDFDict, type PDFDocument, PDFName, PDFNumber, type PDFPage, PDFRef } from 'pdf-lib';
import { SigningError } from '../error.ts';
import type { Box } from '../face/face.ts';
import { type AnnouncedSignature, announcedField, signatureFieldName } from './announce-signature.ts';
import { embedImage } from './embed-image.ts';
import { PRINT_AND_LOCKED, SIGNATURES_EXIST_AND_APPEND_ONLY } from './field-flags.ts';
import { nameString } from './make-value.ts';
import { sinkInto, toLibrary } from './object-sink.ts';
import { writeSealAppearance } from './seal-appearance.ts';
import { type SignatureWords, signatureDictionary } from './signature-dictionary.ts';

export interface SignatureField extends SignatureWords {
  /** Page index, from 0. */
  readonly page: number;
  /** Where the seal is pressed; absent: an invisible signature. */
  readonly seal?: {
    readonly box: Box;
    /** PNG or JPEG. */
    readonly picturePng: Uint8Array;
    /** Default: as large as the box allows. The picture keeps its proportions, in the middle of the box. */
    readonly pictureWidthMm?: number;
  };
  /** A second signature that must follow: see announce-signature.ts. */
  readonly announces?: AnnouncedSignature;
}

const POINTS_PER_MM = 72 / 25.4;

/** @throws MALFORMED when the page is not there, UNSUPPORTED when the picture is neither PNG nor JPEG, or when a
 *  signature is announced and forbidden at once */
export async function prepareSignature(pdf: PDFDocument, field: SignatureField): Promise<void> {
  const announced = field.announces && announcedField(field.announces, field.certify);
  const words = sinkInto(pdf.context).add(signatureDictionary(field));
  const signature = PDFRef.of(words.number, words.generation);
  const form = interactiveForm(pdf);
  const widget = placeField(pdf, form, { ...field, box: field.seal?.box });
  widget.set(PDFName.of('V'), signature);
  if (field.seal !== undefined) widget.set(PDFName.of('AP'), pdf.context.obj({ N: await appearance(pdf, field.seal) }));
  if (announced !== undefined) {
    const empty = placeField(pdf, form, { ...announced, box: announced.box });
    empty.set(PDFName.of('Ff'), PDFNumber.of(announced.flags ?? 0));
  }
  form.set(PDFName.of('SigFlags'), PDFNumber.of(SIGNATURES_EXIST_AND_APPEND_ONLY));
  if (field.certify !== undefined) pdf.catalog.set(PDFName.of('Perms'), pdf.context.obj({ DocMDP: signature }));
}

interface Place {
  readonly page: number;
  readonly box: Box | undefined;
  /** Default: Signature and a number. */
  readonly fieldName?: string;
}

/** An empty signature field, in the form and on its page. */
function placeField(pdf: PDFDocument, form: PDFDict, place: Place): PDFDict {
  const page = pdf.getPages()[place.page];
  if (page === undefined) throw new SigningError('MALFORMED', 'the page to sign is not there', { page: place.page });
  const [x = 0, y = 0, width = 0, height = 0] = (place.box ?? []).map((length) => length * POINTS_PER_MM);
  const bottom = page.getHeight() - y - height;
  const fields = form.lookup(PDFName.of('Fields'), PDFArray);
  const widget = pdf.context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: toLibrary(pdf.context, nameString(place.fieldName ?? `${signatureFieldName}${fields.size() + 1}`)),
    F: PRINT_AND_LOCKED,
    P: page.ref,
    Rect: place.box === undefined ? [0, 0, 0, 0] : [x, bottom, x + width, bottom + height],
  });
  const ref = pdf.context.register(widget);
  addAnnotation(page, ref);
  fields.push(ref);
  return widget;
}

/** The library's own way would wrap the page's content anew, and so change what an earlier signature covers. */
function addAnnotation(page: PDFPage, widget: PDFRef): void {
  const name = PDFName.of('Annots');
  const annotations = page.node.lookupMaybe(name, PDFArray) ?? page.doc.context.obj([]);
  annotations.push(widget);
  page.node.set(name, annotations);
}

/** The document's AcroForm, made when it has none, with a Fields array. */
function interactiveForm(pdf: PDFDocument): PDFDict {
  const name = PDFName.of('AcroForm');
  const form = pdf.catalog.lookupMaybe(name, PDFDict) ?? pdf.context.obj({ Fields: [] });
  if (!pdf.catalog.has(name)) pdf.catalog.set(name, pdf.context.register(form));
  if (!form.has(PDFName.of('Fields'))) form.set(PDFName.of('Fields'), pdf.context.obj([]));
  return form;
}

/** The seal's picture as the field shows it. */
async function appearance(pdf: PDFDocument, seal: NonNullable<SignatureField['seal']>): Promise<PDFRef> {
  const [, , width = 0, height = 0] = seal.box.map((length) => length * POINTS_PER_MM);
  const { objectNumber, generationNumber } = await embedImage(pdf, seal.picturePng);
  const form = writeSealAppearance(
    sinkInto(pdf.context),
    seal.picturePng,
    { kind: 'ref', number: objectNumber, generation: generationNumber },
    { width, height, turned: 0 },
    seal.pictureWidthMm === undefined ? undefined : seal.pictureWidthMm * POINTS_PER_MM,
  );
  return PDFRef.of(form.number, form.generation);
}
