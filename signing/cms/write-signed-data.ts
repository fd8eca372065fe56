/** Write a detached CMS SignedData with one signer (RFC 5652 §5, as narrowed by ETSI EN 319 122-1 for CAdES).
 *  Signed attributes: content type, message digest, algorithm protection, signing-certificate-v2 over the whole
 *  chain: no byte of the structure can be changed unseen. The claimed time is the document's own (/M in a PDF), as
 *  CAdES in a PDF wants it. The digest is the caller's, the structure the library's, the signature value the key's. */
import { createHash } from 'node:crypto';
import {
  Attribute,
  CMSVersion,
  DigestAlgorithmIdentifier,
  SignatureAlgorithmIdentifier,
  SignerIdentifier,
  SignerInfo,
} from '@peculiar/asn1-cms';
import { OctetString } from '@peculiar/asn1-schema';
import { BoundedCache } from '../bounded-cache.ts';
import { contextTag, parseDer } from '../der/read-der.ts';
import { element, explicit, integer, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { CMS_OID } from './cms-oids.ts';
import { encoded, toDer } from './encoded.ts';
import { algorithmProtection, attribute, SIGNER_ALGORITHMS, signingCertificateV2 } from './signed-attributes.ts';

export interface DetachedSigner {
  readonly key: SigningKey;
  /** DER. Its key must be the signing key. */
  readonly certificate: Uint8Array;
  /** DER, from the signer's issuer upwards; a root need not be there. */
  readonly chain: readonly Uint8Array[];
  /** The moment of signing; the certificate must be valid then. */
  readonly at: Date;
  /** Asked for a time-stamp over the signature value (PAdES B-T, CAdES-T). */
  readonly timeStamper?: TimeStamper;
}

/** The digest a signer's content must be given in: node:crypto's name. */
export function contentHashOf(key: SigningKey): string {
  return SIGNER_ALGORITHMS[key.algorithm].hash;
}

/** DER ContentInfo around the SignedData.
 * @param contentDigest digest of the detached content, by `contentHashOf(key)`
 * @throws KEY_UNUSABLE for another key’s certificate, CERTIFICATE_UNFIT outside its validity, MALFORMED for no certificate */
export async function writeSignedData(signer: DetachedSigner, contentDigest: Uint8Array): Promise<Uint8Array> {
  const certificate = parseCertificate(signer.certificate);
  if (!isWithinValidity(certificate, signer.at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate is not valid at the time of signing');
  }
  if (Buffer.compare(certificate.publicKey, signer.key.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the certificate is not the signing key’s', { reason: 'KEY_MISMATCH' });
  }
  const own = ownParts(certificate, signer);
  const attributes = [...own.attributes, attribute(CMS_OID.messageDigest, octetString(contentDigest))];
  const value = await signer.key.sign(setOf(...attributes));
  const signerInfo = new SignerInfo({
    version: CMSVersion.v1,
    sid: own.sid,
    digestAlgorithm: own.digestAlgorithm,
    signedAttrs: attributes.toSorted(Buffer.compare).map((der) => encoded(new Attribute(), der)),
    signatureAlgorithm: own.signatureAlgorithm,
    signature: new OctetString(value),
  });
  if (signer.timeStamper !== undefined) signerInfo.unsignedAttrs = [await timeStampOf(value, signer.timeStamper)];
  // The library's SignedData would encode again what is the same every time, and each layer twice.
  const signedData = sequence(...own.head, setOf(toDer(signerInfo)));
  return sequence(oid(CMS_OID.signedData), explicit(0, signedData));
}

/** What is the same in everything a signer signs: made once, as it takes longer than the rest. */
interface OwnParts {
  readonly sid: SignerIdentifier;
  readonly digestAlgorithm: DigestAlgorithmIdentifier;
  readonly signatureAlgorithm: SignatureAlgorithmIdentifier;
  /** DER of what stands before the signer: version, digest algorithm, the kind of content, certificates. */
  readonly head: readonly Uint8Array[];
  /** DER of the signed attributes that do not depend on the content. */
  readonly attributes: readonly Uint8Array[];
}

const known = new BoundedCache<OwnParts>(64);

function ownParts(certificate: ParsedCertificate, { key, chain }: DetachedSigner): OwnParts {
  const all = [certificate.raw, ...chain.map((der) => Uint8Array.from(der))];
  const digests = all.map((der) => createHash('sha256').update(der).digest());
  return known.get(digests.map((digest) => digest.toString('latin1')).join(''), () => {
    const algorithms = SIGNER_ALGORITHMS[key.algorithm];
    const { hash, digest, signature } = algorithms;
    // SHA-256 is the attribute's default; SM2 signatures name certificates by SM3, as they name everything.
    const certificateIds =
      hash === 'sha256'
        ? signingCertificateV2(digests)
        : signingCertificateV2(
            all.map((der) => createHash(hash).update(der).digest()),
            digest,
          );
    const issuerAndSerial = sequence(certificate.issuerDer, integer(certificate.serial));
    return {
      sid: encoded(new SignerIdentifier(), issuerAndSerial),
      digestAlgorithm: encoded(new DigestAlgorithmIdentifier(), digest),
      signatureAlgorithm: encoded(new SignatureAlgorithmIdentifier(), signature),
      head: [
        integer(CMSVersion.v1),
        setOf(digest),
        sequence(oid(CMS_OID.data)),
        element(contextTag(0), ...all.toSorted(Buffer.compare).map((der) => parseDer(der).raw)),
      ],
      attributes: [
        attribute(CMS_OID.contentType, oid(CMS_OID.data)),
        attribute(CMS_OID.algorithmProtection, algorithmProtection(algorithms)),
        attribute(CMS_OID.signingCertificateV2, certificateIds),
      ],
    };
  });
}

/** The unsigned attribute signature-time-stamp (RFC 3161 appendix A). */
async function timeStampOf(value: Uint8Array, timeStamper: TimeStamper): Promise<Attribute> {
  const token = await timeStamper.stamp(createHash(timeStamper.hash).update(value).digest());
  return encoded(new Attribute(), attribute(CMS_OID.signatureTimeStamp, token));
}
