/** GB/T 35275 SignedData of one SM2 signer over a digest, in one canonical form (standard §8; DER, sets in order, no signed
 *  attributes): what a signature of Type Sign carries. Proof for later stands beside the signature: certificates,
 *  revocation lists, and a time-stamp over its value (RFC 3161 appendix A). */
import { CMS_OID } from '../cms/cms-oids.ts';
import { OID } from '../der/oids.ts';
import { contextTag } from '../der/read-der.ts';
import { element, explicit, integer, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';

export interface GmSignedDataParts {
  /** What is signed: SM3 of the description, 32 bytes. */
  readonly content: Uint8Array;
  readonly signer: ParsedCertificate;
  /** DER; the signer's must be among them. */
  readonly certificates: readonly Uint8Array[];
  /** DER. */
  readonly crls: readonly Uint8Array[];
  /** DER SEQUENCE{r,s}. */
  readonly signature: Uint8Array;
  /** TimeStampToken over the bytes of `signature`. */
  readonly timeStamp: Uint8Array | undefined;
}

/** Each once, in DER order. */
function inOrder(items: readonly Uint8Array[]): Uint8Array[] {
  const sorted = [...items].sort(Buffer.compare);
  return sorted.filter((der, index) => index === 0 || Buffer.compare(der, sorted[index - 1] ?? der) !== 0);
}

/** ContentInfo, DER. */
export function writeGmSignedData(parts: GmSignedDataParts): Uint8Array {
  const { signer, timeStamp } = parts;
  const unsigned = timeStamp && element(contextTag(1), sequence(oid(CMS_OID.signatureTimeStamp), setOf(timeStamp)));
  const signerInfo = sequence(
    integer(1),
    sequence(signer.issuerDer, integer(signer.serial)),
    sequence(oid(OID.sm3)),
    sequence(oid(OID.sm2Signature)),
    octetString(parts.signature),
    ...(unsigned ? [unsigned] : []),
  );
  const crls = inOrder(parts.crls);
  const signedData = sequence(
    integer(1),
    setOf(sequence(oid(OID.sm3))),
    sequence(oid(OID.gmData), explicit(0, octetString(parts.content))),
    element(contextTag(0), ...inOrder(parts.certificates)),
    ...(crls.length > 0 ? [element(contextTag(1), ...crls)] : []),
    setOf(signerInfo),
  );
  return sequence(oid(OID.gmSignedData), explicit(0, signedData));
}
