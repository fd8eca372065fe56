/** Press an electronic seal on a PDF, in a revision of its own: SubFilter GM.sm2seal, as Chinese readers know it. The
 *  signature's /Contents is a SES_Signature (GB/T 38540) over the SM3 of what /ByteRange names; the seal's own picture
 *  is shown. The property info says the byte range. */
import type { Box } from '../face/face.ts';
import type { CertifiedKey } from '../seal/make-seal.ts';
import { parseSeal } from '../seal/parse-seal.ts';
import { type PressSeal, pressByService } from '../seal/press-by-service.ts';
import { stamp } from '../seal/stamp.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { appendSignature } from './append-signature.ts';
import type { ValidationData } from './append-validation-data.ts';
import { appendValidationData } from './extend-pdf.ts';
import { fillSignature } from './fill-signature.ts';

export interface PdfSealRequest {
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  /** The key that presses it, or the service that holds the seal. */
  readonly signer: CertifiedKey | PressSeal;
  /** The moment of sealing; seal and certificate must be valid then. */
  readonly at: Date;
  readonly reason: string;
  readonly location: string;
  /** A page (from 0) and a box on it in millimetres from its top left corner, or an empty signature field. */
  readonly place: { readonly page: number; readonly box: Box } | { readonly fieldName: string };
  /** Asked for a time-stamp (by SM3) that goes into the stamp, where a service has put none into it. */
  readonly timeStamper?: TimeStamper;
  /** Of a PDF that is signed already: a stamp has no room for its chain, so what proves it is kept in the document security
   *  store, in a revision that the stamp covers. */
  readonly proof?: ValidationData;
}

/** Beside seal and certificate: the signature value, times, the byte range, and their shells. */
const ROOM_BESIDE = 1024;
/** What a service may add: a larger certificate. */
const ROOM_OF_SERVICE = 4096;
const ROOM_OF_TIME_STAMP = 8192;

/** @throws SEAL_UNFIT, CERTIFICATE_UNFIT, KEY_UNUSABLE as `stamp`; as `pressByService`, `appendSignature`; UNSUPPORTED when the seal's
 *  picture is neither PNG nor JPEG */
export async function sealPdf(pdf: Uint8Array, request: PdfSealRequest): Promise<Uint8Array> {
  const { seal, signer, at, reason, location, place, timeStamper } = request;
  const { name, picture } = parseSeal(seal);
  const words = { name, reason, location, at, form: 'GM.sm2seal' as const, contentsBytes: roomFor(request) };
  const base = request.proof ? appendValidationData(pdf, request.proof) : pdf;
  const prepared =
    'fieldName' in place
      ? appendSignature(base, { ...words, fieldName: place.fieldName, picture: picture.data })
      : appendSignature(base, {
          ...words,
          page: place.page,
          seal: { box: place.box, picturePng: picture.data, pictureWidthMm: picture.widthMm },
        });
  return fillSignature(prepared, {
    forms: ['GM.sm2seal'],
    hash: 'sm3',
    make: (dataHash, propertyInfo) => {
      const asked = { seal, dataHash, propertyInfo, at, ...(timeStamper ? { timeStamper } : {}) };
      return typeof signer === 'function' ? pressByService(signer, asked) : stamp({ ...asked, signer });
    },
  });
}

function roomFor({ seal, signer, timeStamper }: PdfSealRequest): number {
  const isService = typeof signer === 'function';
  const room = isService ? ROOM_OF_SERVICE : signer.certificate.length;
  return seal.length + room + ROOM_BESIDE + (isService || timeStamper ? ROOM_OF_TIME_STAMP : 0);
}
