/** Make X.509 v3 certificates (RFC 5280, GM/T 0015; SM2-with-SM3 is written without parameters). The structure is the
 *  library's, the signature the key's. */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import { printableString } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { repeatName, type SubjectName, toName } from './distinguished-name.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  handleCrypto,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  toHex,
  toKeyHandle,
  X509CertificateGenerator,
} from './peculiar.ts';

/** What a certificate is for. `signer`: a unit (机构) that signs and seals; `person`: somebody who signs in their own
 *  name; `time-stamping`: an authority of RFC 3161, and nothing else. */
export type CertificateProfile =
  | 'root'
  | 'issuing'
  | 'seal-maker'
  | 'signer'
  | 'person'
  | 'time-stamping'
  /** To whom something is encrypted. */
  | 'encryption';

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
  /** Code of the organisation, 18 characters of GB 32100 or 9 of GB 11714; written as the private extension of
   *  GM/T 0015. Not for persons: a person's number is in no certificate of ours. */
  readonly organisationCode?: string;
  /** Policies under which it is issued (RFC 5280 §4.2.1.4), dotted. */
  readonly policies?: readonly string[];
}

/** Key identifier: SHA-1 of the key bits (RFC 5280 §4.2.1.2 method 1); a name, not a protection. */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const fields = new DerFields(parseDer(publicKey));
  fields.take(TAG.SEQUENCE);
  return createHash('sha1').update(fields.take(TAG.BIT_STRING).value.subarray(1)).digest();
}

function basicConstraints(profile: CertificateProfile): Extension {
  if (profile === 'issuing') return new BasicConstraintsExtension(true, 0, true);
  return new BasicConstraintsExtension(profile === 'root', undefined, true);
}

function usageOf(profile: CertificateProfile): KeyUsageFlags {
  if (profile === 'root' || profile === 'issuing') return KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  if (profile === 'encryption') return KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment;
  return KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation;
}

function extensionsFor(request: CertificateRequest, issuerKeyId: Uint8Array): Extension[] {
  const { profile, crlUrl, organisationCode, policies = [] } = request;
  const list = [
    basicConstraints(profile),
    new KeyUsagesExtension(usageOf(profile), true),
    new SubjectKeyIdentifierExtension(toHex(keyIdentifier(request.publicKey))),
    new AuthorityKeyIdentifierExtension(toHex(issuerKeyId)),
  ];
  if (profile === 'time-stamping') list.push(new ExtendedKeyUsageExtension([OID.timeStamping], true));
  if (policies.length > 0) list.push(new CertificatePolicyExtension([...policies]));
  if (crlUrl !== undefined) list.push(new CRLDistributionPointsExtension([crlUrl]));
  if (organisationCode !== undefined) {
    list.push(new Extension(OID.organisationCode, false, printableString(organisationCode)));
  }
  return list;
}

const ORGANISATION_CODE = /^(?:[0-9A-Z]{18}|[0-9A-Z]{8}-?[0-9X])$/;

function checkRequest(request: CertificateRequest, issuer: ParsedCertificate | undefined): void {
  if (request.serial <= 0n || request.serial >= 1n << 159n) {
    throw new SigningError('CERTIFICATE_UNFIT', 'a serial number is positive and has at most 20 octets');
  }
  if (request.notAfter <= request.notBefore) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate would end before it begins');
  }
  const { organisationCode, profile } = request;
  if (organisationCode !== undefined && (profile === 'person' || !ORGANISATION_CODE.test(organisationCode))) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the code of an organisation does not belong here');
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
  const subject = toName(request.subject);
  const issuerKeyId = issuer?.subjectKeyId ?? keyIdentifier(request.signer.publicKey);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: toHex(request.serial),
      issuer: issuer ? repeatName(issuer.subjectDer) : subject,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      subject,
      publicKey: request.publicKey,
      extensions: extensionsFor(request, issuerKeyId),
      signingKey: toKeyHandle(request.signer),
    },
    handleCrypto,
  );
  return new Uint8Array(certificate.rawData);
}
