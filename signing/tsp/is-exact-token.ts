/** Whether no byte of a time-stamp token can be changed unseen: our own files carry no other. */
import { CMS_OID } from '../cms/cms-oids.ts';
import { schemeOf } from '../cms/known-algorithms.ts';
import { type Attributes, parseSignedData } from '../cms/read-signed-data.ts';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toOid } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { isClosed } from '../x509/check-brought-along.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { openTimeStamp } from './open-time-stamp.ts';

/** False for what is no sound token at all; what it stamps is for the caller. */
export function isExactToken(token: Uint8Array): boolean {
  try {
    return isExact(token);
  } catch (error) {
    if (error instanceof SigningError && error.code !== 'SELF_TEST_FAILED') return false;
    throw error;
  }
}

function isExact(token: Uint8Array): boolean {
  const signed = parseSignedData(token);
  if (signed.berShell || signed.unsignedAttributes.size > 0 || hasLists(token)) return false;
  // RSA goes by two names one byte apart: without algorithm protection one of them is ours
  const isRsa = schemeOf(signed.signatureAlgorithm)?.kind === 'rsa';
  const named = signed.signedAttributes.has(CMS_OID.algorithmProtection);
  const algorithm = toOid(new DerFields(signed.signatureAlgorithm).take(TAG.OID));
  if (isRsa && !named && algorithm !== OID.rsaEncryption) return false;
  const { others } = openTimeStamp(token);
  const count = namedCertificates(signed.signedAttributes);
  // all that are named and each once, so that none can be left out either
  const distinct = new Set(signed.certificates.map((der) => Buffer.from(der).toString('latin1'))).size;
  if (distinct !== signed.certificates.length) return false;
  if (count > 1) return count === distinct;
  return others.length === 0 || isClosed({ certificates: signed.certificates.map(parseCertificate), crls: [] });
}

/** How many certificates the signature names: when it is more than the signer's, no other may be inside. */
function namedCertificates(attributes: Attributes): number {
  const [value] = attributes.get(CMS_OID.signingCertificateV2) ?? [];
  return value ? childrenOf(new DerFields(value).take(TAG.SEQUENCE)).length : 0;
}

/** Revocation lists inside, which no signature of the token covers. */
function hasLists(token: Uint8Array): boolean {
  const info = new DerFields(parseDer(token));
  info.take(TAG.OID);
  const fields = new DerFields(new DerFields(info.take(contextTag(0)), contextTag(0)).take(TAG.SEQUENCE));
  for (const tag of [TAG.INTEGER, TAG.SET, TAG.SEQUENCE]) fields.take(tag);
  fields.optional(contextTag(0));
  return fields.optional(contextTag(1)) !== undefined;
}
