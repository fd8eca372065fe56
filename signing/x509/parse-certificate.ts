/** X.509 v3 certificates (RFC 5280 §4, GM/T 0015), read strictly with their raw slices kept. */
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { contextTag, DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toInteger, toOctets, toOid, toSmallInteger, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { toNameText } from './distinguished-name.ts';
import { type BasicConstraints, type KeyUse, readExtensions } from './read-extensions.ts';

export interface ParsedCertificate {
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
  /** Undefined when the extension is missing: then every use is allowed. */
  readonly keyUsage: ReadonlySet<KeyUse> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: BasicConstraints;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  /** A critical extension that this reader does not know: the certificate may not be relied on. */
  readonly unknownCritical: string | undefined;
}

const parsed = new BoundedCache<ParsedCertificate>(512);

/** Parse a DER certificate; equal bytes are parsed once. @throws MALFORMED */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  const digest = Buffer.from(sm3(der)).toString('hex');
  return parsed.get(digest, () => readCertificate(Uint8Array.from(der), digest));
}

function readCertificate(raw: Uint8Array, digest: string): ParsedCertificate {
  const outer = new DerFields(parseDer(raw));
  const tbsNode = outer.take(TAG.SEQUENCE);
  const outerAlgorithm = outer.take(TAG.SEQUENCE);
  const signature = toOctets(outer.take(TAG.BIT_STRING));
  outer.end();
  const tbs = new DerFields(tbsNode);
  const version = new DerFields(tbs.take(contextTag(0)), contextTag(0));
  if (toSmallInteger(version.take(TAG.INTEGER)) !== 2)
    throw new SigningError('MALFORMED', 'not an X.509 v3 certificate');
  version.end();
  const serial = toInteger(tbs.take(TAG.INTEGER));
  const innerAlgorithm = tbs.take(TAG.SEQUENCE);
  if (Buffer.compare(innerAlgorithm.raw, outerAlgorithm.raw) !== 0) {
    throw new SigningError('MALFORMED', 'the two signature algorithms of the certificate differ');
  }
  const issuerDer = tbs.take(TAG.SEQUENCE).raw;
  const validity = new DerFields(tbs.take(TAG.SEQUENCE));
  const notBefore = toTime(validity.takeAny());
  const notAfter = toTime(validity.takeAny());
  validity.end();
  const subjectDer = tbs.take(TAG.SEQUENCE).raw;
  const publicKey = tbs.take(TAG.SEQUENCE);
  tbs.optional(0x81);
  tbs.optional(0x82);
  const extensions = readExtensions(tbs.optional(contextTag(3)));
  tbs.end();
  return {
    raw,
    digest,
    tbs: tbsNode.raw,
    serial,
    signature,
    issuerDer,
    subjectDer,
    notBefore,
    notAfter,
    ...extensions,
    signatureAlgorithm: toOid(new DerFields(outerAlgorithm).take(TAG.OID)),
    issuer: toNameText(issuerDer),
    subject: toNameText(subjectDer),
    publicKey: publicKey.raw,
    keyAlgorithm: keyAlgorithmOf(new DerFields(new DerFields(publicKey).take(TAG.SEQUENCE))),
  };
}

function keyAlgorithmOf(algorithm: DerFields): ParsedCertificate['keyAlgorithm'] {
  const kind = toOid(algorithm.take(TAG.OID));
  if (kind === OID.rsaEncryption) return 'RSA';
  if (kind !== OID.ecPublicKey) return 'other';
  const curve = algorithm.optional(TAG.OID);
  return curve !== undefined && toOid(curve) === OID.sm2Curve ? 'SM2' : 'EC';
}
