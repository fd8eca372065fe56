/** MessageImprint: what a time-stamp is over (RFC 3161 §2.4.1). Digests in octets. */
import { CMS_OID } from '../cms/cms-oids.ts';
import { type HashName, hashOf } from '../cms/known-algorithms.ts';
import { OID } from '../der/oids.ts';
import { DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toOctetString } from '../der/read-values.ts';
import { nullValue, octetString, oid, sequence } from '../der/write-der.ts';
import type { ImprintHash } from './time-stamper.ts';

export interface MessageImprint {
  /** As it stood: an answer repeats it byte for byte. */
  readonly raw: Uint8Array;
  /** Undefined for an algorithm that this floor does not know. */
  readonly hash: HashName | undefined;
  readonly digest: Uint8Array;
}

const OCTETS: Readonly<Record<HashName, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64, sm3: 32 };

export function readImprint(node: DerNode): MessageImprint {
  const fields = new DerFields(node);
  const algorithm = fields.take(TAG.SEQUENCE).raw;
  const digest = toOctetString(fields.take(TAG.OCTET_STRING));
  fields.end();
  return { raw: node.raw, hash: hashOf(algorithm), digest };
}

/** SHA-256 with NULL, as OpenSSL asks; SM3 without parameters (GM/T 0006). */
export function writeImprint(hash: ImprintHash, digest: Uint8Array): Uint8Array {
  const algorithm = hash === 'sm3' ? sequence(oid(OID.sm3)) : sequence(oid(CMS_OID.sha256), nullValue());
  return sequence(algorithm, octetString(digest));
}

/** Whether nobody can make a second content with this imprint: MD5 and SHA-1 do not count. */
export function isStrong(hash: HashName | undefined): hash is Exclude<HashName, 'md5' | 'sha1'> {
  return hash !== undefined && hash !== 'md5' && hash !== 'sha1';
}

/** Whether the digest is as long as its algorithm makes it. */
export function hasItsLength({ hash, digest }: MessageImprint): boolean {
  return hash !== undefined && digest.length === OCTETS[hash];
}
