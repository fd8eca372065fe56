/** A document with a form, written by hand: what attackers prepare before it is signed, and change afterwards. */
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { exchange, type Objects, streamBody, writePdf } from './raw-pdf.ts';
import { SIGNED_AT } from './signed-pdf.ts';

/** Object numbers of the document. */
export const AT = {
  catalogue: 1,
  pages: 2,
  page: 3,
  content: 4,
  form: 5,
  nameField: 6,
  amountField: 7,
  font: 8,
  annotations: 9,
  resources: 10,
  hidden: 11,
  info: 12,
  look: 13,
  comment: 14,
  fields: 15,
} as const;

export const FORM_OBJECTS: Objects = {
  [AT.catalogue]: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>',
  [AT.pages]: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  [AT.page]: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 10 0 R /Annots 9 0 R >>',
  [AT.content]: streamBody('BT /F1 12 Tf 50 700 Td (Pay 100 yuan) Tj ET'),
  [AT.form]: '<< /Fields 15 0 R /DA (/F1 12 Tf 0 g) >>',
  [AT.nameField]:
    '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /F 4 /P 3 0 R /Rect [50 600 250 620] /AP << /N 13 0 R >> >>',
  [AT.amountField]: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /F 4 /P 3 0 R /Rect [50 560 250 580] >>',
  [AT.font]: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  [AT.annotations]: '[6 0 R 7 0 R 14 0 R]',
  [AT.resources]: '<< /Font << /F1 8 0 R >> >>',
  [AT.hidden]: streamBody('BT /F1 12 Tf 50 700 Td (Pay 900 yuan) Tj ET'),
  [AT.info]: '<< /Title (A licence) >>',
  [AT.look]: streamBody('/Tx BMC EMC', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]'),
  [AT.comment]: '<< /Type /Annot /Subtype /Text /Rect [300 600 320 620] /Contents (read) >>',
  [AT.fields]: '[6 0 R 7 0 R]',
};

export const FORM_TRAILER = '/Info 12 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]';

export function formDocument(changes: Objects = {}): Buffer {
  return writePdf({ ...FORM_OBJECTS, ...changes }, FORM_TRAILER);
}

/** Object numbers of a signature field written by hand, and of its value. */
const HAND_FIELD = 20;
export const HAND_SIGNATURE = 21;

const EMPTY_RANGE = '[ 0 9999999999 9999999999 9999999999 ]';

/** A signature dictionary with room. @param subFilter without its slash */
export function roomBody(keys = '', subFilter = 'ETSI.CAdES.detached', bytes = 3600): string {
  const room = `/ByteRange ${EMPTY_RANGE} /Contents <${'00'.repeat(bytes)}>`;
  return `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter} ${room} /M (D:20260501100000+08'00') ${keys} >>`;
}

/** The document with a signature field in its first revision, still to be signed. */
export function documentWithRoom(body = roomBody(), changes: Objects = {}): Buffer {
  return formDocument({
    [AT.fields]: '[6 0 R 7 0 R 20 0 R]',
    [HAND_FIELD]: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (hand) /F 132 /Rect [0 0 0 0] /V 21 0 R >>',
    [HAND_SIGNATURE]: body,
    ...changes,
  });
}

export type Signer = Parameters<typeof signPdf>[1];
type Words = Partial<Parameters<typeof appendSignature>[1]>;

export function prepared(pdf: Uint8Array, words: Words = {}): Uint8Array {
  const base = { page: 0, name: '某局', reason: '签发', location: '某市', at: SIGNED_AT, contentsBytes: 3600 };
  return appendSignature(pdf, { ...base, ...words });
}

export async function sign(pdf: Uint8Array, signer: Signer, words: Words = {}): Promise<Uint8Array> {
  return signPdf(prepared(pdf, words), signer);
}

/** Certified: after it nothing (1), filling in and signing (2), or comments too (3) are allowed. */
export async function certify(pdf: Uint8Array, signer: Signer, level: 1 | 2 | 3): Promise<Uint8Array> {
  const made = prepared(pdf, { certify: level === 1 ? 1 : 2 });
  return signPdf(level === 3 ? exchange(made, '/P 2\n', '/P 3\n') : made, signer);
}
