/** Judge one signer of signed data over a content: digest, signed attributes, signature value (RFC 5652 §5.4, §5.6;
 *  RFC 5035; RFC 6211). The certificate's own worth is judged by signing/x509. */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { contextTag, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toOctetString, toOid } from '../der/read-values.ts';
import { element, integer } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import { factsOfCertificate } from '../verify/certificate-facts.ts';
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { verifySigned } from '../x509/verify-signed.ts';
import { CMS_OID } from './cms-oids.ts';
import { type HashName, hashOf, type SignatureScheme, schemeOf } from './known-algorithms.ts';
import type { SignedData, SignerId } from './read-signed-data.ts';
import { isContentSigned, verifyParts } from './verify-content.ts';

export interface SignerJudgement {
  /** `digest` and `signature`, or only why they could not be judged. */
  readonly checks: readonly Check[];
  /** Whose signature it is; undefined when the certificate is missing. */
  readonly certificate: ParsedCertificate | undefined;
  /** The other certificates inside. */
  readonly others: readonly ParsedCertificate[];
  /** `certificate KEY_TOO_SHORT`, when the signer's key is short; ALGORITHM_UNSUPPORTED on an unknown curve. */
  readonly key?: Check;
}

export interface SignerRules {
  /** Digest of the detached content. */
  readonly digestContent: (hash: HashName) => Uint8Array;
  /** The content itself, in parts: only signers without signed attributes need it. Undefined: these are refused. */
  readonly contentParts?: readonly Uint8Array[];
  /** CAdES asks for signing-certificate-v2; plain CMS does not. */
  readonly certificateBound: boolean;
  readonly where: string;
}

/** @throws MALFORMED for certificates or attributes that cannot be read */
export function checkSigner(signed: SignedData, rules: SignerRules): SignerJudgement {
  const judged = judgeSigner(signed, rules);
  const key = judged.certificate && judgeKey(judged.certificate, rules.where);
  return key === undefined ? judged : { ...judged, key };
}

function judgeSigner(signed: SignedData, rules: SignerRules): SignerJudgement {
  const { where } = rules;
  const certificates = signed.certificates.map(readCertificate);
  const certificate = certificates.find((candidate) => isNamedBy(candidate, signed.signerId));
  const others = certificates.filter((other) => other !== certificate);
  const failed = (name: 'digest' | 'signature', code: CheckCode): SignerJudgement => {
    return { checks: [check(name, 'failed', code, where)], certificate, others };
  };
  const hash = hashOf(signed.digestAlgorithm);
  const scheme = schemeOf(signed.signatureAlgorithm);
  if (hash === undefined) return failed('digest', 'ALGORITHM_UNSUPPORTED');
  if (hash === 'md5' || hash === 'sha1') return failed('digest', 'DIGEST_WEAK');
  if (scheme === undefined) return failed('signature', 'ALGORITHM_UNSUPPORTED');
  if (certificate === undefined) return failed('signature', 'CERTIFICATE_MISSING');
  if (signed.signedBytes.length === 0) {
    if (rules.certificateBound) return failed('signature', 'SIGNER_NOT_BOUND');
    const right = isContentSigned(signed, { scheme, hash, certificate }, rules);
    // without attributes nothing states a digest: signature and content hold together, or they do not
    return right
      ? { checks: [passed('digest', where), passed('signature', where)], certificate, others }
      : failed('signature', 'SIGNATURE_INVALID');
  }
  const stated = toOctetString(onlyValue(signed, CMS_OID.messageDigest));
  const same = Buffer.compare(stated, rules.digestContent(hash)) === 0;
  const digest = same ? passed('digest', where) : check('digest', 'failed', 'DIGEST_MISMATCH', where);
  const fault = isValueRight(signed, scheme, hash, certificate)
    ? bindingFault(signed, certificate, others, rules)
    : 'SIGNATURE_INVALID';
  const signature = fault === undefined ? passed('signature', where) : check('signature', 'failed', fault, where);
  return { checks: [digest, signature], certificate, others };
}

/** @throws MALFORMED, with reason CERTIFICATE_MALFORMED */
function readCertificate(der: Uint8Array): ParsedCertificate {
  try {
    return parseCertificate(der);
  } catch (cause) {
    if (!(cause instanceof SigningError) || cause.code !== 'MALFORMED') throw cause;
    throw new SigningError('MALFORMED', cause.message, { reason: 'CERTIFICATE_MALFORMED' }, { cause });
  }
}

/** RFC 8301, GM/T 0044 §5.1 and common sense: shorter ones were broken, short ones will be. */
const [BROKEN_RSA, SHORT_RSA] = [1024, 2048];

function judgeKey(certificate: ParsedCertificate, where: string): Check | undefined {
  const { bits, key } = factsOfCertificate(certificate);
  // curves without a length are none of P-256, P-384, P-521 and SM2
  if (key === 'EC' && bits === null) return check('certificate', 'failed', 'ALGORITHM_UNSUPPORTED', where);
  if (key !== 'RSA' || bits === null || bits >= SHORT_RSA) return undefined;
  return check('certificate', bits < BROKEN_RSA ? 'failed' : 'warned', 'KEY_TOO_SHORT', where);
}

function isNamedBy(certificate: ParsedCertificate, id: SignerId): boolean {
  if ('subjectKeyId' in id) {
    return certificate.subjectKeyId !== undefined && Buffer.compare(certificate.subjectKeyId, id.subjectKeyId) === 0;
  }
  return (
    Buffer.compare(certificate.issuerDer, id.issuerDer) === 0 &&
    Buffer.compare(integer(certificate.serial), id.serialDer) === 0
  );
}

/** The one value of a signed attribute. @throws MALFORMED when there are none or several */
function onlyValue(signed: SignedData, type: string): DerNode {
  const values = signed.signedAttributes.get(type) ?? [];
  const [value] = values;
  if (value === undefined || values.length > 1) {
    throw new SigningError('MALFORMED', 'a signed attribute is missing or has several values', { attribute: type });
  }
  return value;
}

/** Why the signed attributes do not name this content type, these algorithms and these certificates. */
function bindingFault(
  signed: SignedData,
  certificate: ParsedCertificate,
  others: readonly ParsedCertificate[],
  rules: SignerRules,
): CheckCode | undefined {
  if (toOid(onlyValue(signed, CMS_OID.contentType)) !== signed.contentType) return 'SIGNATURE_INVALID';
  if (signed.signedAttributes.has(CMS_OID.algorithmProtection)) {
    const protection = new DerFields(onlyValue(signed, CMS_OID.algorithmProtection));
    const digest = protection.take(TAG.SEQUENCE).raw;
    const signature = protection.take(contextTag(1)).value;
    protection.end();
    if (Buffer.compare(digest, signed.digestAlgorithm) !== 0) return 'SIGNATURE_INVALID';
    if (Buffer.compare(element(TAG.SEQUENCE, signature), signed.signatureAlgorithm.raw) !== 0) {
      return 'SIGNATURE_INVALID';
    }
  }
  if (!signed.signedAttributes.has(CMS_OID.signingCertificateV2)) {
    return rules.certificateBound ? 'SIGNER_NOT_BOUND' : undefined;
  }
  const bound = areCertificatesBound(onlyValue(signed, CMS_OID.signingCertificateV2), certificate, others);
  return bound ? undefined : 'SIGNER_NOT_BOUND';
}

/** SigningCertificateV2: the first is the signer's; when more are named, no other certificate may be inside. */
function areCertificatesBound(
  attribute: DerNode,
  certificate: ParsedCertificate,
  others: readonly ParsedCertificate[],
): boolean {
  const fields = new DerFields(attribute);
  const ids = new DerFields(fields.take(TAG.SEQUENCE));
  fields.optional(TAG.SEQUENCE);
  fields.end();
  const named: { hash: HashName; digest: Uint8Array }[] = [];
  while (ids.left > 0) {
    const id = new DerFields(ids.take(TAG.SEQUENCE));
    const algorithm = id.optional(TAG.SEQUENCE);
    const hash = algorithm === undefined ? 'sha256' : hashOf(algorithm.raw);
    if (hash === undefined || hash === 'md5' || hash === 'sha1') return false;
    named.push({ hash, digest: toOctetString(id.take(TAG.OCTET_STRING)) });
    id.optional(TAG.SEQUENCE);
    id.end();
  }
  const [first] = named;
  const isNamed = (der: Uint8Array, id: { hash: HashName; digest: Uint8Array }): boolean =>
    createHash(id.hash).update(der).digest().equals(id.digest);
  if (first === undefined || !isNamed(certificate.raw, first)) return false;
  return named.length === 1 || others.every((other) => named.some((id) => isNamed(other.raw, id)));
}

function isValueRight(
  signed: SignedData,
  scheme: SignatureScheme,
  hash: HashName,
  certificate: ParsedCertificate,
): boolean {
  if (scheme.kind === 'rsa-pss') {
    if (scheme.hash !== hash) return false;
    return verifyParts({ scheme, hash, certificate }, [signed.signedBytes], signed.signature);
  }
  if (scheme.hash !== undefined && scheme.hash !== hash) return false;
  const algorithm = VALUE_ALGORITHMS[`${scheme.kind}-${hash}`];
  return (
    algorithm !== undefined && verifySigned(algorithm, certificate.publicKey, signed.signedBytes, signed.signature)
  );
}

const VALUE_ALGORITHMS: Readonly<Record<string, string>> = {
  'rsa-sha256': OID.sha256WithRsa,
  'rsa-sha384': OID.sha384WithRsa,
  'rsa-sha512': OID.sha512WithRsa,
  'ecdsa-sha256': OID.ecdsaWithSha256,
  'ecdsa-sha384': OID.ecdsaWithSha384,
  'ecdsa-sha512': OID.ecdsaWithSha512,
  'sm2-sm3': OID.sm2WithSm3,
};
