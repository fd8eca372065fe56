/** The authority's act: a TimeStampToken over a request's imprint (RFC 3161 §2.4.2, RFC 5816; with SM2 and SM3 GM/T
 *  0033). Its signed attributes name the algorithms and every certificate inside: no byte of it can be changed unseen. */
import { createHash } from 'node:crypto';
import { CMS_OID } from '../cms/cms-oids.ts';
import { algorithmProtection, attribute, SIGNER_ALGORITHMS, signingCertificateV2 } from '../cms/signed-attributes.ts';
import { contextTag } from '../der/read-der.ts';
import { explicit, integer, octetString, oid, sequence, setOf } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { KeyAlgorithm, SigningKey } from '../keys/signing-key.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { type Accuracy, writeTimeStampInfo } from './time-stamp-info.ts';

export interface TimeStampAuthority {
  readonly key: SigningKey;
  /** DER; for time-stamping and nothing else. */
  readonly certificate: Uint8Array;
  /** DER, from its issuer upwards; a root need not be there. */
  readonly chain: readonly Uint8Array[];
  /** The one policy it stamps under, dotted. */
  readonly policy: string;
  readonly accuracy?: Accuracy;
  /** Whether its stamps can be put in order by time alone. */
  readonly ordering?: boolean;
  /** Whether times are written to the millisecond. */
  readonly fraction?: boolean;
}

export interface TimeStampOrder {
  /** MessageImprint of the request, DER as it stood. */
  readonly imprint: Uint8Array;
  readonly nonce?: bigint | undefined;
  /** Whether the certificates go into the token. */
  readonly certificates: boolean;
  /** Positive; never given twice by one authority. */
  readonly serial: bigint;
  readonly at: Date;
}

/** TimeStampToken, DER. @throws KEY_UNUSABLE for another key's certificate, CERTIFICATE_UNFIT outside its validity */
export async function makeTimeStampToken(authority: TimeStampAuthority, order: TimeStampOrder): Promise<Uint8Array> {
  const certificate = parseCertificate(authority.certificate);
  if (!isWithinValidity(certificate, order.at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the authority’s certificate is not valid at this time');
  }
  if (Buffer.compare(certificate.publicKey, authority.key.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the certificate is not the authority key’s', { reason: 'KEY_MISMATCH' });
  }
  const { digest, signature } = SIGNER_ALGORITHMS[authority.key.algorithm];
  const content = writeTimeStampInfo({ ...settingsOf(authority), ...orderOf(order) });
  const certificates = [certificate.raw, ...authority.chain];
  const attributes = signedAttributes(authority.key.algorithm, content, certificates);
  const signerInfo = sequence(
    integer(1),
    sequence(certificate.issuerDer, integer(certificate.serial)),
    digest,
    retagged(0, attributes),
    signature,
    octetString(await authority.key.sign(attributes)),
  );
  const signedData = sequence(
    integer(3),
    setOf(digest),
    sequence(oid(CMS_OID.timeStampInfo), explicit(0, octetString(content))),
    ...(order.certificates ? [retagged(0, setOf(...certificates))] : []),
    setOf(signerInfo),
  );
  return sequence(oid(CMS_OID.signedData), explicit(0, signedData));
}

/** The SET that is signed. */
function signedAttributes(kind: KeyAlgorithm, content: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array {
  const algorithms = SIGNER_ALGORITHMS[kind];
  const digestOf = (bytes: Uint8Array): Uint8Array => createHash(algorithms.hash).update(bytes).digest();
  // SHA-256 is the default of the attribute and stays unwritten
  const named = algorithms.hash === 'sha256' ? undefined : algorithms.digest;
  return setOf(
    attribute(CMS_OID.contentType, oid(CMS_OID.timeStampInfo)),
    attribute(CMS_OID.messageDigest, octetString(digestOf(content))),
    attribute(CMS_OID.algorithmProtection, algorithmProtection(algorithms)),
    attribute(CMS_OID.signingCertificateV2, signingCertificateV2(certificates.map(digestOf), named)),
  );
}

function settingsOf({ policy, accuracy, ordering, fraction }: TimeStampAuthority) {
  return {
    policy,
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(ordering === undefined ? {} : { ordering }),
    ...(fraction === undefined ? {} : { fraction }),
  };
}

function orderOf({ imprint, serial, at, nonce }: TimeStampOrder) {
  return { imprint, serial, at, ...(nonce === undefined ? {} : { nonce }) };
}

/** [number] IMPLICIT. */
function retagged(number: number, der: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(der);
  copy[0] = contextTag(number);
  return copy;
}
