/** Make X.509 v3 certificates (RFC 5280; for SM2 GM/T 0015: SM2-with-SM3 without parameters). */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import {
  bitString,
  boolean,
  certificateTime,
  element,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { KeyAlgorithm, SigningKey } from '../keys/signing-key.ts';
import { type SubjectName, toNameDer } from './distinguished-name.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';

/** What a certificate is for: a root, an authority that issues to persons, a maker of seals, a signer. */
export type CertificateProfile = 'root' | 'issuing' | 'seal-maker' | 'signer' | 'time-stamping';

export interface CertificateRequest {
  readonly subject: SubjectName;
  /** The certificate of the issuer, DER; left out: self-signed. */
  readonly issuer?: Uint8Array;
  /** SubjectPublicKeyInfo, DER, of the subject. */
  readonly publicKey: Uint8Array;
  /** Key of the issuer. */
  readonly signer: SigningKey;
  /** Positive, at most 20 octets. */
  readonly serial: bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly profile: CertificateProfile;
  /** Where the issuer publishes its revocation list. */
  readonly crlUrl?: string;
}

/** AlgorithmIdentifier of the signatures a key makes. */
export function signatureAlgorithmDer(algorithm: KeyAlgorithm): Uint8Array {
  return algorithm === 'SM2' ? sequence(oid(OID.sm2WithSm3)) : sequence(oid(OID.sha256WithRsa), nullValue());
}

/** Key identifier: SHA-1 of the key bits (RFC 5280 §4.2.1.2 method 1); a name, not a protection. */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const fields = new DerFields(parseDer(publicKey));
  fields.take(TAG.SEQUENCE);
  return createHash('sha1').update(fields.take(TAG.BIT_STRING).value.subarray(1)).digest();
}

/** One Extension. */
export function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function basicConstraints(profile: CertificateProfile): Uint8Array {
  if (profile === 'root') return sequence(boolean(true));
  return profile === 'issuing' ? sequence(boolean(true), integer(0)) : sequence();
}

function extensionsFor(request: CertificateRequest, issuerKeyId: Uint8Array): Uint8Array[] {
  const { profile, crlUrl } = request;
  const authority = profile === 'root' || profile === 'issuing';
  // bits: keyCertSign and cRLSign (one unused bit); digitalSignature and nonRepudiation (six unused bits)
  const usage = authority ? Uint8Array.of(1, 0x06) : Uint8Array.of(6, 0xc0);
  const list = [
    extension(OID.basicConstraints, true, basicConstraints(profile)),
    extension(OID.keyUsage, true, element(TAG.BIT_STRING, usage)),
    extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(request.publicKey))),
    extension(OID.authorityKeyIdentifier, false, sequence(element(0x80, issuerKeyId))),
  ];
  if (profile === 'time-stamping') list.push(extension(OID.extendedKeyUsage, true, sequence(oid(OID.timeStamping))));
  if (crlUrl !== undefined) {
    const name = element(0xa0, element(0xa0, element(0x86, Buffer.from(crlUrl, 'latin1'))));
    list.push(extension(OID.crlDistributionPoints, false, sequence(sequence(name))));
  }
  return list;
}

function checkRequest(request: CertificateRequest, issuer: ParsedCertificate | undefined): void {
  if (request.serial <= 0n || request.serial >= 1n << 159n) {
    throw new SigningError('CERTIFICATE_UNFIT', 'a serial number is positive and has at most 20 octets');
  }
  if (request.notAfter <= request.notBefore) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate would end before it begins');
  }
  const issuerKey = issuer?.publicKey ?? request.publicKey;
  if (Buffer.compare(issuerKey, request.signer.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the signing key is not the key of the issuer');
  }
  if (issuer !== undefined && !issuer.basicConstraints.ca) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the issuer may not issue certificates');
  }
}

/** Issue a certificate, DER. @throws CERTIFICATE_UNFIT, KEY_UNUSABLE */
export async function issueCertificate(request: CertificateRequest): Promise<Uint8Array> {
  const issuer = request.issuer && parseCertificate(request.issuer);
  checkRequest(request, issuer);
  const subject = toNameDer(request.subject);
  const issuerKeyId = issuer?.subjectKeyId ?? keyIdentifier(request.signer.publicKey);
  const algorithm = signatureAlgorithmDer(request.signer.algorithm);
  const tbs = sequence(
    explicit(0, integer(2)),
    integer(request.serial),
    algorithm,
    issuer?.subjectDer ?? subject,
    sequence(certificateTime(request.notBefore), certificateTime(request.notAfter)),
    subject,
    request.publicKey,
    explicit(3, sequence(...extensionsFor(request, issuerKeyId))),
  );
  return sequence(tbs, algorithm, bitString(await request.signer.sign(tbs)));
}
