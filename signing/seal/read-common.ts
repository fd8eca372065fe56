/** Parts that all generations of seals share (GM/T 0031, GB/T 38540). */
import { childrenOf, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toBitString, toBoolean, toOctetString, toOid, toSmallInteger, toText } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { fromRawSm2Signature } from '../sm2/signature-value.ts';
import type { SealDeviation, SealPicture } from './parsed-seal.ts';

/** SES_Header: ID "ES", version, vendor. */
export function readHeader(node: DerNode): { version: number; vendor: string } {
  const fields = new DerFields(node);
  if (toText(fields.take(TAG.IA5), TAG.IA5) !== 'ES') throw new SigningError('MALFORMED', 'the seal header is not ES');
  const version = toSmallInteger(fields.take(TAG.INTEGER));
  const vendor = toText(fields.take(TAG.IA5), TAG.IA5);
  fields.end();
  return { version, vendor };
}

/** SES_ESPictureInfo, millimetres. */
export function readPicture(node: DerNode): SealPicture {
  const fields = new DerFields(node);
  const type = toText(fields.take(TAG.IA5), TAG.IA5);
  const data = toOctetString(fields.take(TAG.OCTET_STRING));
  const widthMm = toSmallInteger(fields.take(TAG.INTEGER));
  const heightMm = toSmallInteger(fields.take(TAG.INTEGER));
  fields.end();
  return { type, data, widthMm, heightMm };
}

/** ExtensionDatas: read for form. A critical one is not known to anyone here. */
export function readExtensionDatas(node: DerNode): void {
  for (const child of childrenOf(node)) {
    const fields = new DerFields(child);
    const id = toOid(fields.take(TAG.OID));
    const critical = fields.optional(TAG.BOOLEAN);
    fields.take(TAG.OCTET_STRING);
    fields.end();
    if (critical && toBoolean(critical)) {
      throw new SigningError('MALFORMED', 'unknown critical extension in the seal', { extension: id });
    }
  }
}

/** Octets of a BIT STRING; wrong unused bits are noted. */
export function readBits(node: DerNode, deviations: SealDeviation[]): Uint8Array {
  const { bytes, unusedBits, clean } = toBitString(node);
  if (!clean || unusedBits !== 0) deviations.push('UNUSED_BITS');
  return bytes;
}

/** An SM2 signature value as DER; the raw r‖s of two vendors is converted and noted. */
export function readSignatureBits(node: DerNode, deviations: SealDeviation[]): Uint8Array {
  const bytes = readBits(node, deviations);
  if (bytes.length !== 64) return bytes;
  deviations.push('RAW_SIGNATURE');
  return fromRawSm2Signature(bytes);
}
