/** The dictionary of a signature or of a document time-stamp (ISO 32000-1 §12.8.1 table 252, ISO 32000-2 §12.8.5),
 *  with room for what will be signed over it. */
import { array, byteString, dateString, dict, name, number, numbers, textString } from './make-value.ts';
import { BYTE_RANGE_FILLER } from './placeholder.ts';
import type { PdfDict } from './syntax/pdf-value.ts';

/** CMS as PAdES has it, CMS as plain PDF has it, or a stamp of GB/T 38540 in the form that Chinese readers know. */
export type SignatureForm = 'ETSI.CAdES.detached' | 'adbe.pkcs7.detached' | 'GM.sm2seal';

export interface SignatureWords {
  /** Who signs, why and where, as readers show it. */
  readonly name: string;
  readonly reason: string;
  readonly location: string;
  /** The claimed time of signing (/M), written in China's time. */
  readonly at: Date;
  /** DocMDP: 1 = no change is allowed after, 2 = only filling in forms and signing. Absent: not a certification. */
  readonly certify?: 1 | 2;
  /** /SubFilter; default ETSI.CAdES.detached. */
  readonly form?: SignatureForm;
  /** Room for the signature's structure in bytes; default 12,288, enough for a time-stamp with its certificates. */
  readonly contentsBytes?: number;
}

const DEFAULT_CONTENTS_BYTES = 12_288;

export function signatureDictionary(words: SignatureWords): PdfDict {
  const form = words.form ?? 'ETSI.CAdES.detached';
  return dict({
    Type: name('Sig'),
    Filter: name(form === 'GM.sm2seal' ? 'GM.PKILite' : 'Adobe.PPKLite'),
    SubFilter: name(form),
    ...room(words.contentsBytes),
    M: dateString(words.at),
    Name: textString(words.name),
    Reason: textString(words.reason),
    Location: textString(words.location),
    Reference: words.certify === undefined ? undefined : array([certification(words.certify)]),
  });
}

export function timeStampDictionary(contentsBytes?: number): PdfDict {
  return dict({
    Type: name('DocTimeStamp'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.RFC3161'),
    ...room(contentsBytes),
  });
}

function room(contentsBytes = DEFAULT_CONTENTS_BYTES) {
  return {
    ByteRange: numbers([0, BYTE_RANGE_FILLER, BYTE_RANGE_FILLER, BYTE_RANGE_FILLER]),
    Contents: byteString(new Uint8Array(contentsBytes)),
  };
}

/** §12.8.2.2: what may be done to the document after this signature. */
function certification(permission: number): PdfDict {
  return dict({
    Type: name('SigRef'),
    TransformMethod: name('DocMDP'),
    TransformParams: dict({ Type: name('TransformParams'), P: number(permission), V: name('1.2') }),
  });
}
