/** Read a CMS ContentInfo with SignedData of one signer (RFC 5652 §3, §5; GB/T 35275 §6.2 has the same shape).
 *  Strict DER; a BER outer shell is read and told, signed attributes and certificates must be DER as they stand. */
import { childrenOf, contextTag, DerFields, type DerNode, derFault, parseDer, TAG } from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { CMS_OID } from './cms-oids.ts';
import { hashOf } from './known-algorithms.ts';
import { toDerShell } from './to-der-shell.ts';

export type SignerId =
  | { readonly issuerDer: Uint8Array; readonly serialDer: Uint8Array }
  | { readonly subjectKeyId: Uint8Array };

/** Attribute type → its values, each as it stood. */
export type Attributes = ReadonlyMap<string, readonly DerNode[]>;

export interface SignedData {
  /** The shell was BER, not DER. */
  readonly berShell: boolean;
  readonly contentType: string;
  /** What is signed, when it is inside. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Uint8Array[];
  /** Revocation lists and the like, as they stood. */
  readonly revocationLists: readonly Uint8Array[];
  readonly signerId: SignerId;
  /** AlgorithmIdentifiers as they stood. */
  readonly digestAlgorithm: Uint8Array;
  readonly signatureAlgorithm: DerNode;
  /** The signed attributes under the SET tag that their signature is over; empty when there are none, and the
   *  signature is over the content itself (RFC 5652 §5.4). */
  readonly signedBytes: Uint8Array;
  readonly signedAttributes: Attributes;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: Attributes;
}

const GM_SIGNED_DATA = '1.2.156.10197.6.1.4.2.2';

/** More than any chain needs; each costs a verification. */
const MAX_CERTIFICATES = 32;

/** @throws MALFORMED for anything but one signer's complete structure */
export function parseSignedData(bytes: Uint8Array): SignedData {
  try {
    return { ...readSignedData(bytes), berShell: false };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'TOO_LARGE') throw error;
    const der = toDerShell(bytes);
    if (Buffer.compare(der, bytes) === 0) throw error;
    return { ...readSignedData(der), berShell: true };
  }
}

function readSignedData(der: Uint8Array): Omit<SignedData, 'berShell'> {
  const info = new DerFields(parseDer(der));
  const type = toOid(info.take(TAG.OID));
  if (type !== CMS_OID.signedData && type !== GM_SIGNED_DATA) throw derFault('not signed data', 0);
  const shell = new DerFields(info.take(contextTag(0)), contextTag(0));
  info.end();
  const fields = new DerFields(shell.take(TAG.SEQUENCE));
  shell.end();
  const version = toSmallInteger(fields.take(TAG.INTEGER));
  const digestAlgorithms = childrenOf(fields.take(TAG.SET));
  const { contentType, content } = readContent(new DerFields(fields.take(TAG.SEQUENCE)));
  const certificateSet = fields.optional(contextTag(0));
  const listSet = fields.optional(contextTag(1));
  const signers = childrenOf(fields.take(TAG.SET));
  fields.end();
  const [signer] = signers;
  if (signer === undefined || signers.length > 1) throw derFault('one signer expected', 0);
  const read = readSigner(new DerFields(signer));
  if (version !== 1 && version !== 3) throw derFault('unknown version of signed data', 0);
  // some say NULL in one place and nothing in the other
  const [stated] = digestAlgorithms;
  const same = stated && Buffer.compare(stated.raw, read.digestAlgorithm) === 0;
  const alike = stated && hashOf(stated.raw) !== undefined && hashOf(stated.raw) === hashOf(read.digestAlgorithm);
  if (digestAlgorithms.length !== 1 || !(same || alike))
    throw derFault('the digest algorithms are not the signer’s', 0);
  const expected = 'subjectKeyId' in read.signerId || contentType !== CMS_OID.data ? 3 : 1;
  if (type === CMS_OID.signedData && version !== expected) throw derFault('version does not fit the structure', 0);
  const certificates = certificateSet === undefined ? [] : childrenOf(certificateSet).map(({ raw }) => raw);
  if (certificates.length > MAX_CERTIFICATES) throw new SigningError('TOO_LARGE', 'too many certificates');
  const revocationLists = listSet === undefined ? [] : childrenOf(listSet).map(({ raw }) => raw);
  return { contentType, content, certificates, revocationLists, ...read };
}

function readContent(fields: DerFields): { contentType: string; content: Uint8Array | undefined } {
  const contentType = toOid(fields.take(TAG.OID));
  const shell = fields.optional(contextTag(0));
  fields.end();
  if (shell === undefined) return { contentType, content: undefined };
  const inner = new DerFields(shell, contextTag(0));
  const content = toOctetString(inner.take(TAG.OCTET_STRING));
  inner.end();
  return { contentType, content };
}

type Signer = Omit<SignedData, 'berShell' | 'contentType' | 'content' | 'certificates' | 'revocationLists'>;

function readSigner(fields: DerFields): Signer {
  const version = toSmallInteger(fields.take(TAG.INTEGER));
  const keyId = fields.optional(0x80);
  if (version !== (keyId === undefined ? 1 : 3)) throw derFault('version does not fit the signer', 0);
  const signerId = keyId === undefined ? readIssuerAndSerial(fields.take(TAG.SEQUENCE)) : { subjectKeyId: keyId.value };
  const digestAlgorithm = fields.take(TAG.SEQUENCE).raw;
  const attributes = fields.optional(contextTag(0));
  const signatureAlgorithm = fields.take(TAG.SEQUENCE);
  const signature = toOctetString(fields.take(TAG.OCTET_STRING));
  const unsigned = fields.optional(contextTag(1));
  fields.end();
  return {
    signerId,
    digestAlgorithm,
    signatureAlgorithm,
    signedBytes: attributes === undefined ? new Uint8Array() : underSetTag(attributes),
    signature,
    signedAttributes: attributes === undefined ? new Map() : readAttributes(attributes, true),
    unsignedAttributes: unsigned === undefined ? new Map() : readAttributes(unsigned, false),
  };
}

/** @throws MALFORMED for attributes that are there but none (RFC 5652 §5.3) */
function underSetTag(attributes: DerNode): Uint8Array {
  if (attributes.value.length === 0) throw derFault('signed attributes without any', attributes.offset);
  const signed = Uint8Array.from(attributes.raw);
  signed[0] = TAG.SET;
  return signed;
}

function readIssuerAndSerial(node: DerNode): SignerId {
  const fields = new DerFields(node);
  const issuerDer = fields.take(TAG.SEQUENCE).raw;
  const serialDer = fields.take(TAG.INTEGER).raw;
  fields.end();
  return { issuerDer, serialDer };
}

/** Attributes, each type once; `sorted`: in DER order, as signed ones must be. */
function readAttributes(set: DerNode, sorted: boolean): Attributes {
  const attributes = new Map<string, readonly DerNode[]>();
  let previous: Uint8Array | undefined;
  for (const node of childrenOf(set)) {
    if (sorted && previous !== undefined && Buffer.compare(previous, node.raw) >= 0) {
      throw derFault('attributes are not in order', node.offset);
    }
    previous = node.raw;
    const fields = new DerFields(node);
    const type = toOid(fields.take(TAG.OID));
    const values = childrenOf(fields.take(TAG.SET));
    fields.end();
    if (attributes.has(type) || values.length === 0) throw derFault('an attribute twice or empty', node.offset);
    attributes.set(type, values);
  }
  return attributes;
}
