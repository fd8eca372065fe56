/** Open an EnvelopedData of GB/T 35275 §9 (or of CMS, RFC 5652 §6) whose key is under SM2 and whose content under SM4-CBC. */
import { createDecipheriv } from 'node:crypto';
import { OID } from '../der/oids.ts';
import {
  childrenOf,
  contextTag,
  DerFields,
  type DerNode,
  derFault,
  parseDer,
  readDerHeader,
  TAG,
} from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { decryptSm2 } from '../sm2/encrypt-sm2.ts';

const CMS_ENVELOPED = '1.2.840.113549.1.7.3';

/** Bytes of a file in which everything before the content stands, unless it has very many recipients. */
export const ENVELOPE_HEAD_BYTES = 65_536;

export interface EnvelopeHead {
  /** Of SM4-CBC. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Where the content begins; it goes to the end. */
  readonly contentFrom: number;
}

/** @param pkcs8 the recipient's private key, DER
 *  @throws MALFORMED, UNSUPPORTED for other algorithms, KEY_UNUSABLE when the key opens it for no recipient */
export function openEnvelope(envelope: Uint8Array, pkcs8: Uint8Array): Uint8Array {
  const { key, iv, contentFrom } = openEnvelopeHead(envelope, envelope.length, pkcs8);
  try {
    const decipher = createDecipheriv('sm4-cbc', key, iv);
    return Buffer.concat([decipher.update(envelope.subarray(contentFrom)), decipher.final()]);
  } catch (cause) {
    throw new SigningError('MALFORMED', 'the content was altered', {}, { cause });
  }
}

/** What is needed to open an envelope piece by piece. Throws as `openEnvelope`.
 *  @param head its first bytes
 *  @param size of the whole, bytes */
export function openEnvelopeHead(head: Uint8Array, size: number, pkcs8: Uint8Array): EnvelopeHead {
  /** Of an element that goes to the end. */
  const enter = (at: number, tag: number): number => {
    const { from, end } = readDerHeader(head, at, tag);
    if (end !== size) throw derFault('not the whole of it', at);
    return from;
  };
  let at = enter(0, TAG.SEQUENCE);
  const take = (tag: number): DerNode => {
    const { end } = readDerHeader(head, at, tag);
    const node = parseDer(head.subarray(at, end));
    at = end;
    return node;
  };
  const type = toOid(take(TAG.OID));
  if (type !== OID.gmEnvelopedData && type !== CMS_ENVELOPED)
    throw new SigningError('UNSUPPORTED', 'not an envelope', { type });
  at = enter(enter(at, contextTag(0)), TAG.SEQUENCE);
  toSmallInteger(take(TAG.INTEGER));
  const recipients = childrenOf(take(TAG.SET));
  at = enter(at, TAG.SEQUENCE);
  take(TAG.OID);
  const algorithm = new DerFields(take(TAG.SEQUENCE));
  expectAlgorithm(toOid(algorithm.take(TAG.OID)), OID.sm4Cbc);
  const iv = toOctetString(algorithm.take(TAG.OCTET_STRING));
  algorithm.end();
  const contentFrom = enter(at, contextTag(0) & ~0x20);
  if (iv.length !== 16) throw derFault('an initial vector of another length', at);
  return { key: openKey(recipients.map(keyFor), pkcs8), iv, contentFrom };
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
