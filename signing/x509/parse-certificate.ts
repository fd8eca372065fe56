/** X.509 v3 certificates (RFC 5280 §4, GM/T 0015), read strictly with their raw slices kept. */
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { contextTag, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toInteger, toOid, toSmallInteger, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { toNameText } from './distinguished-name.ts';
import { type CertificateExtensions, readExtensions } from './read-extensions.ts';
import { readSignedShell } from './read-signed-shell.ts';

export interface ParsedCertificate extends CertificateExtensions {
  /** The whole certificate as it stood. */
  readonly raw: Uint8Array;
  /** SM3 of `raw`, hexadecimal: its name in caches. */
  readonly digest: string;
  /** TBSCertificate as it stood: what the issuer signed. */
  readonly tbs: Uint8Array;
  readonly serial: bigint;
  /** Signature algorithm, dotted; the same inside and outside of what is signed. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly keyAlgorithm: 'SM2' | 'RSA' | 'EC' | 'other';
}

const parsed = new BoundedCache<ParsedCertificate>(512);

/** Parse a DER certificate; equal bytes are parsed once. @throws MALFORMED */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const digest = Buffer.from(sm3(der)).toString('hex');
  return parsed.get(digest, () => readCertificate(Uint8Array.from(der), digest));
}

function expectVersion3(shell: DerNode): void {
  const version = new DerFields(shell, contextTag(0));
  if (toSmallInteger(version.take(TAG.INTEGER)) !== 2)
    throw new SigningError('MALFORMED', 'not an X.509 v3 certificate');
  version.end();
}

function readValidity(node: DerNode): { notBefore: Date; notAfter: Date } {
  const fields = new DerFields(node);
  const validity = { notBefore: toTime(fields.takeAny()), notAfter: toTime(fields.takeAny()) };
  fields.end();
  return validity;
}

function readCertificate(raw: Uint8Array, digest: string): ParsedCertificate {
  const { tbs, signature, signatureAlgorithm, expectSameAlgorithm } = readSignedShell(raw);
  const fields = new DerFields(tbs);
  expectVersion3(fields.take(contextTag(0)));
  const serial = toInteger(fields.take(TAG.INTEGER));
  expectSameAlgorithm(fields.take(TAG.SEQUENCE));
  const issuerDer = fields.take(TAG.SEQUENCE).raw;
  const validity = readValidity(fields.take(TAG.SEQUENCE));
  const subjectDer = fields.take(TAG.SEQUENCE).raw;
  const publicKey = fields.take(TAG.SEQUENCE);
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = readExtensions(fields.optional(contextTag(3)));
  fields.end();
  const issuer = toNameText(issuerDer);
  const subject = toNameText(subjectDer);
  // RFC 5280 §4.1.2.4: whoever issues has a name
  if (issuer === '') throw new SigningError('MALFORMED', 'a certificate of nobody');
  const names = { issuerDer, subjectDer, issuer, subject };
  const keyAlgorithm = keyAlgorithmOf(new DerFields(new DerFields(publicKey).take(TAG.SEQUENCE)));
  const signed = { raw, digest, tbs: tbs.raw, signatureAlgorithm, signature };
  return { ...signed, serial, ...names, ...validity, publicKey: publicKey.raw, keyAlgorithm, ...extensions };
}

function keyAlgorithmOf(algorithm: DerFields): ParsedCertificate['keyAlgorithm'] {
  const kind = toOid(algorithm.take(TAG.OID));
  if (kind === OID.rsaEncryption) return 'RSA';
  if (kind !== OID.ecPublicKey) return 'other';
  const curve = algorithm.optional(TAG.OID);
  return curve !== undefined && toOid(curve) === OID.sm2Curve ? 'SM2' : 'EC';
}
