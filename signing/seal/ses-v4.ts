/** Seals and stamps of GB/T 38540-2020 (version 4): the shapes, written and read. Times are GeneralizedTime, UTC.
 *  Version 5 (GM/T 0031-2025) is read here too: the same shapes, and a time-stamp after the seal's signature. */

import { createHash } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toOctetString, toOid, toSmallInteger, toText, toTime } from '../der/read-values.ts';
import {
  bitString,
  explicit,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { ParsedSeal, ParsedStamp, SealDeviation, SealPicture, SealSigners } from './parsed-seal.ts';
import { readBits, readExtensionDatas, readHeader, readPicture, readSignatureBits } from './read-common.ts';

const VERSION = 4;

export interface SealInfoV4 {
  readonly vendor: string;
  readonly esId: string;
  readonly type: number;
  readonly name: string;
  readonly certificates: readonly Uint8Array[];
  readonly createdAt: Date;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly picture: SealPicture;
}

/** SES_SealInfo, DER: what the seal maker signs. */
export function writeSealInfoV4(info: SealInfoV4): Uint8Array {
  const { picture } = info;
  return sequence(
    sequence(ia5String('ES'), integer(VERSION), ia5String(info.vendor)),
    ia5String(info.esId),
    sequence(
      integer(info.type),
      utf8String(info.name),
      integer(1),
      sequence(...info.certificates.map(octetString)),
      generalizedTime(info.createdAt),
      generalizedTime(info.validFrom),
      generalizedTime(info.validTo),
    ),
    sequence(ia5String(picture.type), octetString(picture.data), integer(picture.widthMm), integer(picture.heightMm)),
  );
}

/** SESeal from its signed part, the maker's certificate and signature. */
export function writeSealV4(info: Uint8Array, makerCertificate: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(info, octetString(makerCertificate), oid(OID.sm2WithSm3), bitString(signature));
}

/** TBS_Sign, DER: what the signer signs. */
export function writeTbsV4(seal: Uint8Array, at: Date, dataHash: Uint8Array, propertyInfo: string): Uint8Array {
  return sequence(integer(VERSION), seal, generalizedTime(at), bitString(dataHash), ia5String(propertyInfo));
}

/** SES_Signature from its signed part, the signer's certificate and signature, and a time-stamp over the latter. */
export function writeStampV4(
  tbs: Uint8Array,
  certificate: Uint8Array,
  signature: Uint8Array,
  timeStamp?: Uint8Array,
): Uint8Array {
  const proof = timeStamp ? [explicit(0, bitString(timeStamp))] : [];
  return sequence(tbs, octetString(certificate), oid(OID.sm2WithSm3), bitString(signature), ...proof);
}

function readSigners(kind: number, list: DerNode): SealSigners {
  if (kind === 1) return { kind: 'certificates', certificates: childrenOf(list).map(toOctetString) };
  if (kind !== 2) throw new SigningError('MALFORMED', 'unknown kind of certificate list in the seal');
  const digests = childrenOf(list).map((node) => {
    const fields = new DerFields(node);
    const type = toText(fields.take(TAG.PRINTABLE), TAG.PRINTABLE);
    const value = toOctetString(fields.take(TAG.OCTET_STRING));
    fields.end();
    return { type, value };
  });
  return { kind: 'digests', digests };
}

function readProperty(node: DerNode) {
  const fields = new DerFields(node);
  const type = toSmallInteger(fields.take(TAG.INTEGER));
  const name = toText(fields.take(TAG.UTF8), TAG.UTF8);
  const kind = toSmallInteger(fields.take(TAG.INTEGER));
  const signers = readSigners(kind, fields.take(TAG.SEQUENCE));
  const createdAt = toTime(fields.take(TAG.GENERALIZED_TIME));
  const validFrom = toTime(fields.take(TAG.GENERALIZED_TIME));
  const validTo = toTime(fields.take(TAG.GENERALIZED_TIME));
  fields.end();
  return { type, name, signers, createdAt, validFrom, validTo };
}

/** Read a SESeal of version 4 or 5. @throws MALFORMED */
export function readSealV4(node: DerNode, version = VERSION): ParsedSeal {
  const fields = new DerFields(node);
  const info = fields.take(TAG.SEQUENCE);
  const makerCertificate = toOctetString(fields.take(TAG.OCTET_STRING));
  const signatureAlgorithm = toOid(fields.take(TAG.OID));
  const deviations: SealDeviation[] = [];
  const signatureNode = fields.take(TAG.BIT_STRING);
  const signature = readSignatureBits(signatureNode, deviations);
  const shell = version === 5 ? fields.optional(contextTag(0)) : undefined;
  fields.end();
  const token = shell && readBits(parseDer(shell.value), deviations);
  const inner = new DerFields(info);
  const header = readHeader(inner.take(TAG.SEQUENCE));
  if (header.version !== version) throw new SigningError('MALFORMED', 'the seal is of another version');
  const esId = toText(inner.take(TAG.IA5), TAG.IA5);
  const property = readProperty(inner.take(TAG.SEQUENCE));
  const picture = readPicture(inner.take(TAG.SEQUENCE));
  const extensions = inner.optional(TAG.SEQUENCE);
  if (extensions) readExtensionDatas(extensions);
  inner.end();
  return {
    ...header,
    ...property,
    raw: node.raw,
    signedBytes: info.raw,
    esId,
    picture,
    makerCertificate,
    signatureAlgorithm,
    signature,
    ...(token ? { timeStamp: { token, over: readBits(signatureNode, []) } } : {}),
    deviations,
  };
}

const known = new BoundedCache<ParsedSeal>(64);

/** The seal inside a stamp: the same one returns in every file of a signer, and is read once. */
function readSealOnce(node: DerNode, version: number): ParsedSeal {
  const digest = createHash('sha256').update(node.raw).digest('base64');
  // a copy, so that the file it came in is not kept alive
  return known.get(`${version}|${digest}`, () => readSealV4(parseDer(Uint8Array.from(node.raw)), version));
}

/** Read a SES_Signature of version 4 or 5. @throws MALFORMED */
export function readStampV4(node: DerNode, version = VERSION): ParsedStamp {
  const fields = new DerFields(node);
  const tbs = fields.take(TAG.SEQUENCE);
  const certificate = toOctetString(fields.take(TAG.OCTET_STRING));
  const signatureAlgorithm = toOid(fields.take(TAG.OID));
  const deviations: SealDeviation[] = [];
  const signatureNode = fields.take(TAG.BIT_STRING);
  const signature = readSignatureBits(signatureNode, deviations);
  const shell = fields.optional(contextTag(0));
  fields.end();
  const inner = new DerFields(tbs);
  const stated = toSmallInteger(inner.take(TAG.INTEGER));
  if (stated !== version) throw new SigningError('MALFORMED', 'the stamp is of another version');
  const seal = readSealOnce(inner.take(TAG.SEQUENCE), version);
  const signedAt = toTime(inner.take(TAG.GENERALIZED_TIME));
  const dataHash = readBits(inner.take(TAG.BIT_STRING), deviations);
  const propertyInfo = toText(inner.take(TAG.IA5), TAG.IA5);
  const extensions = inner.optional(contextTag(0));
  if (extensions) readExtensionDatas(parseDer(extensions.value));
  inner.end();
  const timeStamp = shell && readBits(parseDer(shell.value), deviations);
  return {
    version,
    raw: node.raw,
    signedBytes: tbs.raw,
    seal,
    signedAt,
    dataHash,
    propertyInfo,
    certificate,
    signatureAlgorithm,
    signature,
    signatureBytes: readBits(signatureNode, []),
    timeStamp,
    deviations: [...seal.deviations, ...deviations],
  };
}
