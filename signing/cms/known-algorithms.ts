/** The algorithms of signed data that this floor knows, by the exact bytes of their AlgorithmIdentifier.
 *  Anything else, such as other parameters, is not the algorithm (RFC 5754, RFC 4055, GM/T 0006). */
import { OID } from '../der/oids.ts';
import { contextTag, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toOid, toSmallInteger } from '../der/read-values.ts';
import { nullValue, oid, sequence } from '../der/write-der.ts';
import { CMS_OID } from './cms-oids.ts';

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sm3';

export type SignatureScheme =
  | { readonly kind: 'rsa' | 'ecdsa' | 'sm2'; readonly hash?: HashName }
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltLength: number };

const HASHES: readonly (readonly [HashName, string])[] = [
  ['md5', CMS_OID.md5],
  ['sha1', CMS_OID.sha1],
  ['sha256', CMS_OID.sha256],
  ['sha384', CMS_OID.sha384],
  ['sha512', CMS_OID.sha512],
  ['sm3', OID.sm3],
];

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Without parameters, or with NULL: both are in use. */
const hashByBytes = new Map(
  HASHES.flatMap(([name, id]) => [
    [toHex(sequence(oid(id))), name] as const,
    [toHex(sequence(oid(id), nullValue())), name] as const,
  ]),
);

const withNull = (id: string): string => toHex(sequence(oid(id), nullValue()));
const bare = (id: string): string => toHex(sequence(oid(id)));

const schemeByBytes = new Map<string, SignatureScheme>([
  [withNull(OID.rsaEncryption), { kind: 'rsa' }],
  [bare(OID.rsaEncryption), { kind: 'rsa' }],
  [withNull(OID.sha256WithRsa), { kind: 'rsa', hash: 'sha256' }],
  [withNull(OID.sha384WithRsa), { kind: 'rsa', hash: 'sha384' }],
  [withNull(OID.sha512WithRsa), { kind: 'rsa', hash: 'sha512' }],
  [bare(OID.ecdsaWithSha256), { kind: 'ecdsa', hash: 'sha256' }],
  [bare(OID.ecdsaWithSha384), { kind: 'ecdsa', hash: 'sha384' }],
  [bare(OID.ecdsaWithSha512), { kind: 'ecdsa', hash: 'sha512' }],
  [bare(OID.sm2WithSm3), { kind: 'sm2', hash: 'sm3' }],
  [withNull(OID.sm2WithSm3), { kind: 'sm2', hash: 'sm3' }],
  [bare(OID.sm2Signature), { kind: 'sm2', hash: 'sm3' }],
  [withNull(OID.sm2Signature), { kind: 'sm2', hash: 'sm3' }],
]);

/** Undefined for a digest algorithm that is not known. */
export function hashOf(algorithm: Uint8Array): HashName | undefined {
  return hashByBytes.get(toHex(algorithm));
}

/** Undefined for a signature algorithm that is not known. @throws MALFORMED for broken PSS parameters */
export function schemeOf(algorithm: DerNode): SignatureScheme | undefined {
  const known = schemeByBytes.get(toHex(algorithm.raw));
  if (known !== undefined) return known;
  const fields = new DerFields(algorithm);
  if (toOid(fields.take(TAG.OID)) !== CMS_OID.rsaPss) return undefined;
  return readPss(new DerFields(fields.take(TAG.SEQUENCE)));
}

/** RSASSA-PSS-params (RFC 4055 §3.1): hash and mask hash the same and stated, the trailer the only one there is. */
function readPss(parameters: DerFields): SignatureScheme | undefined {
  const inner = (tag: number): DerNode | undefined => {
    const node = parameters.optional(contextTag(tag));
    return node && new DerFields(node, contextTag(tag)).takeAny();
  };
  const hashNode = inner(0);
  const maskNode = inner(1);
  const saltNode = inner(2);
  const trailer = inner(3);
  parameters.end();
  if (hashNode === undefined || maskNode === undefined || (trailer && toSmallInteger(trailer) !== 1)) return undefined;
  const hash = hashOf(hashNode.raw);
  const mask = new DerFields(maskNode);
  if (hash === undefined || toOid(mask.take(TAG.OID)) !== CMS_OID.mgf1) return undefined;
  if (hashOf(mask.take(TAG.SEQUENCE).raw) !== hash) return undefined;
  return { kind: 'rsa-pss', hash, saltLength: saltNode === undefined ? 20 : toSmallInteger(saltNode) };
}
