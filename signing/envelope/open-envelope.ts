/** Open an EnvelopedData of GB/T 35275 §9 (or of CMS, RFC 5652 §6) whose key is under SM2 and whose content under SM4-CBC. */
import { createDecipheriv } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { decryptSm2 } from '../sm2/encrypt-sm2.ts';

const CMS_ENVELOPED = '1.2.840.113549.1.7.3';

/** @param pkcs8 the recipient's private key, DER
 *  @throws MALFORMED, UNSUPPORTED for other algorithms, KEY_UNUSABLE when the key opens it for no recipient */
export function openEnvelope(envelope: Uint8Array, pkcs8: Uint8Array): Uint8Array {
  const info = new DerFields(parseDer(envelope));
  const type = toOid(info.take(TAG.OID));
  if (type !== OID.gmEnvelopedData && type !== CMS_ENVELOPED)
    throw new SigningError('UNSUPPORTED', 'not an envelope', { type });
  const [inside] = childrenOf(info.take(contextTag(0)));
  info.end();
  if (!inside) throw new SigningError('MALFORMED', 'an empty envelope');
  const data = new DerFields(inside);
  toSmallInteger(data.take(TAG.INTEGER));
  const recipients = childrenOf(data.take(TAG.SET));
  const encrypted = new DerFields(data.take(TAG.SEQUENCE));
  data.end();
  encrypted.take(TAG.OID);
  const algorithm = new DerFields(encrypted.take(TAG.SEQUENCE));
  expectAlgorithm(toOid(algorithm.take(TAG.OID)), OID.sm4Cbc);
  const iv = toOctetString(algorithm.take(TAG.OCTET_STRING));
  algorithm.end();
  const content = encrypted.take(contextTag(0) & ~0x20).value;
  encrypted.end();
  const key = openKey(recipients.map(keyFor), pkcs8);
  try {
    const decipher = createDecipheriv('sm4-cbc', key, iv);
    return Buffer.concat([decipher.update(content), decipher.final()]);
  } catch (cause) {
    throw new SigningError('MALFORMED', 'the content was altered', {}, { cause });
  }
}

function expectAlgorithm(found: string, wanted: string): void {
  if (found !== wanted) throw new SigningError('UNSUPPORTED', 'another algorithm', { found });
}

/** The encrypted key of one recipient. */
function keyFor(recipient: Parameters<typeof childrenOf>[0]): Uint8Array {
  const fields = new DerFields(recipient);
  toSmallInteger(fields.take(TAG.INTEGER));
  fields.take(TAG.SEQUENCE);
  expectAlgorithm(toOid(new DerFields(fields.take(TAG.SEQUENCE)).take(TAG.OID)), OID.sm2Encryption);
  const key = toOctetString(fields.take(TAG.OCTET_STRING));
  fields.end();
  return key;
}

function openKey(keys: readonly Uint8Array[], pkcs8: Uint8Array): Uint8Array {
  for (const key of keys) {
    try {
      return decryptSm2(pkcs8, key);
    } catch (error) {
      if (!(error instanceof SigningError) || error.code !== 'KEY_UNUSABLE') throw error;
    }
  }
  throw new SigningError('KEY_UNUSABLE', 'the key opens it for no recipient');
}
