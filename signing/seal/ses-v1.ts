/** Seals and stamps of GM/T 0031-2014 (version 1), read only: we make none, and genuine files carry them. */
import { parseSignedData } from '../cms/read-signed-data.ts';
import { childrenOf, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger, toText, toTime } from '../der/read-values.ts';
import { sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import { parseTimeStampInfo } from '../tsp/time-stamp-info.ts';
import type { ParsedSeal, ParsedStamp, SealDeviation } from './parsed-seal.ts';
import { readBits, readExtensionDatas, readHeader, readPicture, readSignatureBits } from './read-common.ts';
import { readTextTime } from './read-text-time.ts';

function readProperty(node: DerNode) {
  const fields = new DerFields(node);
  const type = toSmallInteger(fields.take(TAG.INTEGER));
  const name = toText(fields.take(TAG.UTF8), TAG.UTF8);
  const certificates = childrenOf(fields.take(TAG.SEQUENCE)).map(toOctetString);
  const createdAt = toTime(fields.takeAny());
  const validFrom = toTime(fields.takeAny());
  const validTo = toTime(fields.takeAny());
  fields.end();
  return { type, name, signers: { kind: 'certificates', certificates } as const, createdAt, validFrom, validTo };
}

/** Read a SESeal of version 1. @throws MALFORMED */
export function readSealV1(node: DerNode): ParsedSeal {
  const fields = new DerFields(node);
  const info = fields.take(TAG.SEQUENCE);
  const signInfo = new DerFields(fields.take(TAG.SEQUENCE));
  fields.end();
  const maker = signInfo.take(TAG.OCTET_STRING);
  const algorithm = signInfo.take(TAG.OID);
  const deviations: SealDeviation[] = [];
  const signature = readSignatureBits(signInfo.take(TAG.BIT_STRING), deviations);
  signInfo.end();
  const inner = new DerFields(info);
  const header = readHeader(inner.take(TAG.SEQUENCE));
  const esId = toText(inner.take(TAG.IA5), TAG.IA5);
  const property = readProperty(inner.take(TAG.SEQUENCE));
  const picture = readPicture(inner.take(TAG.SEQUENCE));
  const extensions = inner.optional(TAG.SEQUENCE);
  if (extensions) readExtensionDatas(extensions);
  inner.end();
  return {
    ...header,
    ...property,
    version: 1,
    raw: node.raw,
    // the maker signed info, certificate and algorithm as one sequence that is not stored as such
    signedBytes: sequence(info.raw, maker.raw, algorithm.raw),
    esId,
    picture,
    makerCertificate: toOctetString(maker),
    signatureAlgorithm: toOid(algorithm),
    signature,
    deviations,
  };
}

/** A BIT STRING by the standard, an OCTET STRING in the wild. */
function readBytes(node: DerNode, deviations: SealDeviation[]): Uint8Array {
  return node.tag === TAG.OCTET_STRING ? toOctetString(node) : readBits(node, deviations);
}

interface SignedTime {
  readonly signedAt: Date;
  readonly signedTimeStamp?: Uint8Array;
}

/** A time-stamp token, or text. */
function readTime(node: DerNode, deviations: SealDeviation[]): SignedTime {
  if (node.tag === TAG.GENERALIZED_TIME || node.tag === TAG.UTC_TIME) return { signedAt: toTime(node) };
  const bytes = node.tag === TAG.SEQUENCE ? node.raw : readBytes(node, deviations);
  if (bytes[0] === TAG.SEQUENCE) return { signedAt: timeOfToken(bytes), signedTimeStamp: bytes };
  deviations.push('TEXT_TIME');
  return { signedAt: readTextTime(bytes) };
}

function timeOfToken(token: Uint8Array): Date {
  const { content } = parseSignedData(token);
  if (content === undefined) throw new SigningError('MALFORMED', 'the time of signing is an empty token');
  return parseTimeStampInfo(content).at;
}

/** Read a SES_Signature of version 1. @throws MALFORMED, UNSUPPORTED for a time in an unknown form */
export function readStampV1(node: DerNode): ParsedStamp {
  const fields = new DerFields(node);
  const tbs = fields.take(TAG.SEQUENCE);
  const deviations: SealDeviation[] = [];
  const signatureNode = fields.take(TAG.BIT_STRING);
  const signature = readSignatureBits(signatureNode, deviations);
  fields.end();
  const inner = new DerFields(tbs);
  const version = toSmallInteger(inner.take(TAG.INTEGER));
  if (version > 3) throw new SigningError('MALFORMED', 'the stamp is of another version');
  const seal = readSealV1(inner.take(TAG.SEQUENCE));
  const time = readTime(inner.takeAny(), deviations);
  const dataHash = readBytes(inner.takeAny(), deviations);
  const propertyInfo = toText(inner.take(TAG.IA5), TAG.IA5);
  const certificate = toOctetString(inner.take(TAG.OCTET_STRING));
  const signatureAlgorithm = toOid(inner.take(TAG.OID));
  inner.end();
  return {
    version: 1,
    raw: node.raw,
    signedBytes: tbs.raw,
    seal,
    ...time,
    dataHash,
    propertyInfo,
    certificate,
    signatureAlgorithm,
    signature,
    signatureBytes: readBits(signatureNode, []),
    timeStamp: undefined,
    deviations: [...seal.deviations, ...deviations],
  };
}
