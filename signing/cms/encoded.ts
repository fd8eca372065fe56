/** Elements that are DER already, put byte for byte into structures that the library serialises. Taking them apart
 *  and encoding them again would cost time, and could change what an issuer wrote. */
import { AsnConvert } from '@peculiar/asn1-schema';
import { Primitive } from 'asn1js';
import { parseDer } from '../der/read-der.ts';

/** `part`, standing for `der`, one element: the library asks it for its ASN.1 and looks no further.
 * @throws MALFORMED when `der` is not one element */
export function encoded<Part extends object>(part: Part, der: Uint8Array): Part {
  const { tag, value } = parseDer(der);
  const block = new Primitive({ idBlock: { tagClass: 1 + (tag >> 6), tagNumber: tag & 0x1f }, valueHex: value });
  block.idBlock.isConstructed = (tag & 0x20) !== 0;
  return Object.assign(part, { toASN: () => block, fromASN: () => part });
}

/** DER of a structure of the library's. */
export function toDer(structure: object): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(structure));
}
