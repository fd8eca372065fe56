/** Write a detached CMS SignedData with one signer (RFC 5652 §5, as narrowed by ETSI EN 319 122-1 for CAdES).
 *  Signed attributes: content type, message digest, algorithm protection, signing-certificate-v2 over the whole
 *  chain: no byte of the structure can be changed unseen. The claimed
 *  time is the document's own (/M in a PDF), as CAdES in a PDF wants it. The digest is the caller's. */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { contextTag } from '../der/read-der.ts';
import { concatBytes, element, integer, nullValue, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { KeyAlgorithm, SigningKey } from '../keys/signing-key.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { CMS_OID } from './cms-oids.ts';

export interface DetachedSigner {
  readonly key: SigningKey;
  /** DER. Its key must be the signing key. */
  readonly certificate: Uint8Array;
  /** DER, from the signer's issuer upwards; a root need not be there. */
  readonly chain: readonly Uint8Array[];
  /** The moment of signing; the certificate must be valid then. */
  readonly at: Date;
  /** Asks a time-stamp authority: SHA-256 of the signature value → TimeStampToken, DER (RFC 3161). The caller's port. */
  readonly timeStamp?: (digest: Uint8Array) => Promise<Uint8Array>;
}

/** How a key of each kind says what it does. SHA-256 and SM3 stand without parameters, RSA with NULL (RFC 5754, GM/T 0006). */
const ALGORITHMS: Readonly<Record<KeyAlgorithm, { hash: string; digest: Uint8Array; signature: Uint8Array }>> = {
  RSA: {
    hash: 'sha256',
    digest: sequence(oid(CMS_OID.sha256)),
    signature: sequence(oid(OID.rsaEncryption), nullValue()),
  },
  SM2: { hash: 'sm3', digest: sequence(oid(OID.sm3)), signature: sequence(oid(OID.sm2WithSm3)) },
};

/** The digest a signer's content must be given in: node:crypto's name. */
export function contentHashOf(key: SigningKey): string {
  return ALGORITHMS[key.algorithm].hash;
}

/** DER ContentInfo around the SignedData.
 * @param contentDigest digest of the detached content, by `contentHashOf(key)`
 * @throws KEY_UNUSABLE for another key’s certificate, CERTIFICATE_UNFIT outside its validity, MALFORMED for no certificate */
export async function writeSignedData(signer: DetachedSigner, contentDigest: Uint8Array): Promise<Uint8Array> {
  const { digest, signature } = ALGORITHMS[signer.key.algorithm];
  const certificate = parseCertificate(signer.certificate);
  if (!isWithinValidity(certificate, signer.at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate is not valid at the time of signing');
  }
  if (Buffer.compare(certificate.publicKey, signer.key.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the certificate is not the signing key’s', { reason: 'KEY_MISMATCH' });
  }
  const attributes = setOf(
    attribute(CMS_OID.contentType, oid(CMS_OID.data)),
    attribute(CMS_OID.messageDigest, octetString(contentDigest)),
    attribute(CMS_OID.algorithmProtection, algorithmProtection(digest, signature)),
    attribute(CMS_OID.signingCertificateV2, signingCertificateV2([signer.certificate, ...signer.chain])),
  );
  const value = await signer.key.sign(attributes);
  const signedAttributes = Uint8Array.from(attributes);
  signedAttributes[0] = contextTag(0);
  const version = integer(1);
  const issuerAndSerial = sequence(certificate.issuerDer, integer(certificate.serial));
  const stamps = signer.timeStamp === undefined ? [] : [await timeStampOf(value, signer.timeStamp)];
  const signerInfo = sequence(
    version,
    issuerAndSerial,
    digest,
    signedAttributes,
    signature,
    octetString(value),
    ...stamps,
  );
  const signedData = sequence(
    version,
    setOf(digest),
    sequence(oid(CMS_OID.data)),
    element(contextTag(0), concatBytes([signer.certificate, ...signer.chain].toSorted(Buffer.compare))),
    setOf(signerInfo),
  );
  return sequence(oid(CMS_OID.signedData), element(contextTag(0), signedData));
}

/** unsignedAttrs with a signature-time-stamp (RFC 3161 appendix A). */
async function timeStampOf(
  value: Uint8Array,
  timeStamp: NonNullable<DetachedSigner['timeStamp']>,
): Promise<Uint8Array> {
  const token = await timeStamp(createHash('sha256').update(value).digest());
  return element(contextTag(1), attribute(CMS_OID.signatureTimeStamp, token));
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

/** RFC 6211: without it, one name of an algorithm could be put for another that means the same. */
function algorithmProtection(digest: Uint8Array, signature: Uint8Array): Uint8Array {
  const signatureTag = Uint8Array.from(signature);
  signatureTag[0] = contextTag(1);
  return sequence(digest, signatureTag);
}

/** RFC 5035 §3: the signer's certificate first, then its chain; SHA-256 is the default and stays unwritten. */
function signingCertificateV2(certificates: readonly Uint8Array[]): Uint8Array {
  const ids = certificates.map((der) => sequence(octetString(createHash('sha256').update(der).digest())));
  return sequence(sequence(...ids));
}
