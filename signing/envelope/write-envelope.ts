/** EnvelopedData of GB/T 35275 §9 for one recipient: a fresh SM4 key under their SM2 key, the content under SM4-CBC. The content
 *  is the last thing in the structure, so that it can be written as it comes and the head be put before it. It keeps secret and
 *  proves nothing: whoever needs proof compares the digest. */
import { OID } from '../der/oids.ts';
import { contextTag } from '../der/read-der.ts';
import { concatBytes, integer, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import { encryptSm2 } from '../sm2/encrypt-sm2.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';

export interface EnvelopeHead {
  /** The recipient's, DER, of an SM2 key. */
  readonly certificate: Uint8Array;
  /** SM4, 16 bytes. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Bytes of the encrypted content, padded. */
  readonly length: number;
  readonly random: (count: number) => Uint8Array;
}

/** Tag and length of an element whose content comes afterwards. */
function opening(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | bytes.length, ...bytes);
}

/** All of the ContentInfo, DER, up to the first byte of the encrypted content.
 *  @throws MALFORMED for no certificate, KEY_UNUSABLE for one of another kind of key */
export function writeEnvelopeHead({ certificate, key, iv, length, random }: EnvelopeHead): Uint8Array {
  const { issuerDer, serial, publicKey } = parseCertificate(certificate);
  const recipient = sequence(
    integer(1),
    sequence(issuerDer, integer(serial)),
    sequence(oid(OID.sm2Encryption)),
    octetString(encryptSm2(publicKey, key, random)),
  );
  const content = concatBytes([
    oid(OID.gmData),
    sequence(oid(OID.sm4Cbc), octetString(iv)),
    opening(contextTag(0) & ~0x20, length),
  ]);
  const encrypted = concatBytes([opening(0x30, content.length + length), content]);
  const data = concatBytes([integer(1), setOf(recipient), encrypted]);
  const dataLength = data.length + length;
  const inside = concatBytes([opening(0x30, dataLength), data]);
  const wrapped = concatBytes([opening(0xa0, inside.length + length), inside]);
  const type = oid(OID.gmEnvelopedData);
  return concatBytes([opening(0x30, type.length + wrapped.length + length), type, wrapped]);
}
