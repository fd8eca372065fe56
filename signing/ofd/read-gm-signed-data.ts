/** GB/T 35275 SignedData of one SM2 signer, as signatures of Type Sign carry it (GM/T 0099 §7.2.2): PKCS#7 in
 *  shape, with Chinese identifiers, and signed attributes that may be left out. Strict DER over raw slices. */
import { CMS_OID } from '../cms/cms-oids.ts';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toInteger, toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { type ParsedCrl, parseCrl } from '../x509/parse-crl.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { writeGmSignedData } from './write-gm-signed-data.ts';

export interface GmSignedData {
  /** What stands inside as signed, if anything. */
  readonly content: Uint8Array | undefined;
  readonly certificate: ParsedCertificate;
  /** Everything brought along that can be read, the signer's certificate among it. */
  readonly certificates: readonly ParsedCertificate[];
  readonly crls: readonly ParsedCrl[];
  /** Signed attributes by type, and the bytes their signature is over. */
  readonly attributes: ReadonlyMap<string, DerNode> | undefined;
  readonly attributeBytes: Uint8Array | undefined;
  /** DER SEQUENCE{r,s}. */
  readonly signature: Uint8Array;
  /** TimeStampToken over `signature`, beside it. */
  readonly timeStamp: Uint8Array | undefined;
  /** Whether the bytes are exactly those that we write around these parts. */
  readonly canonical: boolean;
}

function fault(message: string, reason = 'SIGNATURE_MALFORMED'): SigningError {
  return new SigningError('MALFORMED', `GB/T 35275: ${message}`, { reason });
}

function readContent(node: DerNode): Uint8Array | undefined {
  const fields = new DerFields(node);
  if (toOid(fields.take(TAG.OID)) !== OID.gmData) throw fault('the content is not plain data');
  const shell = fields.optional(contextTag(0));
  fields.end();
  return shell && toOctetString(parseDer(shell.value));
}

function expectSm3(node: DerNode): void {
  const fields = new DerFields(node);
  if (toOid(fields.take(TAG.OID)) !== OID.sm3) throw fault('a digest other than SM3', 'ALGORITHM_UNSUPPORTED');
}

function readAttributes(node: DerNode): ReadonlyMap<string, DerNode> {
  const attributes = new Map<string, DerNode>();
  for (const child of childrenOf(node)) {
    const fields = new DerFields(child);
    const type = toOid(fields.take(TAG.OID));
    const [value, second] = childrenOf(fields.take(TAG.SET));
    fields.end();
    if (!value || second || attributes.has(type)) throw fault('an attribute that is not given once');
    attributes.set(type, value);
  }
  return attributes;
}

function readSigner(node: DerNode) {
  const fields = new DerFields(node);
  if (toSmallInteger(fields.take(TAG.INTEGER)) !== 1) throw fault('unknown version of the signer');
  const name = new DerFields(fields.take(TAG.SEQUENCE));
  const issuerDer = name.take(TAG.SEQUENCE).raw;
  const serial = toInteger(name.take(TAG.INTEGER));
  name.end();
  expectSm3(fields.take(TAG.SEQUENCE));
  const set = fields.optional(contextTag(0));
  const algorithm = toOid(new DerFields(fields.take(TAG.SEQUENCE)).take(TAG.OID));
  if (algorithm !== OID.sm2Signature && algorithm !== OID.sm2WithSm3) {
    throw fault('a signature other than SM2', 'ALGORITHM_UNSUPPORTED');
  }
  const signature = toOctetString(fields.take(TAG.OCTET_STRING));
  const unsigned = fields.optional(contextTag(1));
  fields.end();
  const timeStamp = unsigned && readAttributes(unsigned).get(CMS_OID.signatureTimeStamp)?.raw;
  const attributeBytes = set && Uint8Array.from(set.raw);
  if (attributeBytes) attributeBytes[0] = TAG.SET;
  return { issuerDer, serial, attributes: set && readAttributes(set), attributeBytes, signature, timeStamp };
}

/** Parse what can be parsed: what is brought along beside the signature lends no trust, and strange parts are let lie. */
function readAll<T>(set: DerNode | undefined, parse: (der: Uint8Array) => T): T[] {
  return (set ? childrenOf(set) : []).flatMap(({ raw }) => {
    try {
      return [parse(raw)];
    } catch (error) {
      if (error instanceof SigningError) return [];
      throw error;
    }
  });
}

function openShell(der: Uint8Array): DerFields {
  const info = new DerFields(parseDer(der));
  if (toOid(info.take(TAG.OID)) !== OID.gmSignedData) throw fault('not signed data');
  const shell = new DerFields(info.take(contextTag(0)), contextTag(0));
  info.end();
  const fields = new DerFields(shell.take(TAG.SEQUENCE));
  shell.end();
  return fields;
}

/** More than any chains need; each costs a verification. */
const MAX_BROUGHT = 64;

/** Read the SignedData. @throws MALFORMED, TOO_LARGE */
export function readGmSignedData(der: Uint8Array): GmSignedData {
  const fields = openShell(der);
  if (toSmallInteger(fields.take(TAG.INTEGER)) !== 1) throw fault('unknown version');
  for (const algorithm of childrenOf(fields.take(TAG.SET))) expectSm3(algorithm);
  const content = readContent(fields.take(TAG.SEQUENCE));
  const certificateSet = fields.optional(contextTag(0));
  const crlSet = fields.optional(contextTag(1));
  const [signerNode, second] = childrenOf(fields.take(TAG.SET));
  fields.end();
  if (!signerNode || second) throw fault('one signer is expected');
  for (const set of [certificateSet, crlSet]) {
    if (set && childrenOf(set).length > MAX_BROUGHT) throw new SigningError('TOO_LARGE', 'too much is brought along');
  }
  const { issuerDer, serial, ...signer } = readSigner(signerNode);
  const certificates = readAll(certificateSet, parseCertificate);
  const crls = readAll(crlSet, parseCrl);
  const certificate = certificates.find((one) => one.serial === serial && sameBytes(one.issuerDer, issuerDer));
  if (!certificate) throw fault('the certificate of the signer is not inside', 'CERTIFICATE_MISSING');
  const read = { content, certificate, certificates, crls, ...signer };
  return { ...read, canonical: isCanonical(der, read) };
}

function isCanonical(der: Uint8Array, read: Omit<GmSignedData, 'canonical'>): boolean {
  const { content, certificate, signature, timeStamp, attributes } = read;
  if (!content || attributes) return false;
  const certificates = read.certificates.map(({ raw }) => raw);
  const crls = read.crls.map(({ raw }) => raw);
  const written = writeGmSignedData({ content, signer: certificate, certificates, crls, signature, timeStamp });
  return sameBytes(written, der);
}
