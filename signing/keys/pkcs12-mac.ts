/** The integrity of a PKCS#12 file (RFC 7292 §4, §B): an HMAC under a key that is derived from the passphrase as it is
 *  written in UTF-16, whatever encoding its encryption uses. */
import { createHmac } from 'node:crypto';
import forge from 'node-forge';
import { hashOf } from '../cms/known-algorithms.ts';
import { contextTag, DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';

const FOR_MAC = 3;
const MOST_ROUNDS = 10_000_000;

/** False for a wrong passphrase, an unknown hash, or a file without a MAC. @throws MALFORMED */
export function isMacRight(file: Uint8Array, passphrase: string): boolean {
  const pfx = new DerFields(parseDer(file));
  pfx.take(TAG.INTEGER);
  const safe = new DerFields(pfx.take(TAG.SEQUENCE));
  toOid(safe.take(TAG.OID));
  const content = toOctetString(new DerFields(safe.take(contextTag(0)), contextTag(0)).take(TAG.OCTET_STRING));
  const mac = pfx.optional(TAG.SEQUENCE);
  if (!mac) return false;
  const fields = new DerFields(mac);
  const info = new DerFields(fields.take(TAG.SEQUENCE));
  const hash = hashOf(info.take(TAG.SEQUENCE).raw);
  const stated = toOctetString(info.take(TAG.OCTET_STRING));
  const salt = toOctetString(fields.take(TAG.OCTET_STRING));
  const given = fields.optional(TAG.INTEGER);
  const rounds = given ? toSmallInteger(given) : 1;
  if ((hash !== 'sha1' && hash !== 'sha256' && hash !== 'sha512') || rounds < 1 || rounds > MOST_ROUNDS) return false;
  const md = forge.md[hash].create();
  const saltBuffer = forge.util.createBuffer(Buffer.from(salt).toString('binary'));
  const derived = forge.pkcs12.generateKey(passphrase, saltBuffer, FOR_MAC, rounds, md.digestLength, md);
  const key = Buffer.from(derived.getBytes(), 'binary');
  return createHmac(hash, key).update(content).digest().equals(stated);
}
