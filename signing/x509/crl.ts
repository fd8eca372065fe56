/** Certificate revocation lists, version 2 (RFC 5280 §5): made by our authorities, read strictly from anyone. */
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, parseDer, TAG } from '../der/read-der.ts';
import { toInteger, toOctets, toOid, toSmallInteger, toTime } from '../der/read-values.ts';
import { bitString, certificateTime, element, explicit, integer, sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { sm3 } from '../sm2/sm3.ts';
import { extension, keyIdentifier, signatureAlgorithmDer } from './issue-certificate.ts';
import { parseCertificate } from './parse-certificate.ts';
import { readExtensionList } from './read-extensions.ts';

export interface RevokedEntry {
  readonly serial: bigint;
  readonly revokedAt: Date;
  /** CRLReason of RFC 5280 §5.3.1: 1 keyCompromise, 3 affiliationChanged, 4 superseded, 5 cessationOfOperation. */
  readonly reason?: number;
}

export interface CrlRequest {
  /** Certificate of the issuer, DER. */
  readonly issuer: Uint8Array;
  readonly signer: SigningKey;
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedEntry[];
}

/** Issue a revocation list, DER. @throws KEY_UNUSABLE when the key is not the issuer's */
export async function issueCrl(request: CrlRequest): Promise<Uint8Array> {
  const issuer = parseCertificate(request.issuer);
  if (Buffer.compare(issuer.publicKey, request.signer.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the signing key is not the key of the issuer');
  }
  const entries = request.revoked.map(({ serial, revokedAt, reason }) => {
    const why =
      reason === undefined ? [] : [sequence(extension(OID.reasonCode, false, element(0x0a, Uint8Array.of(reason))))];
    return sequence(integer(serial), certificateTime(revokedAt), ...why);
  });
  const keyId = issuer.subjectKeyId ?? keyIdentifier(issuer.publicKey);
  const algorithm = signatureAlgorithmDer(request.signer.algorithm);
  const tbs = sequence(
    integer(1),
    algorithm,
    issuer.subjectDer,
    certificateTime(request.thisUpdate),
    certificateTime(request.nextUpdate),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(
      0,
      sequence(
        extension(OID.authorityKeyIdentifier, false, sequence(element(0x80, keyId))),
        extension(OID.crlNumber, false, integer(request.number)),
      ),
    ),
  );
  return sequence(tbs, algorithm, bitString(await request.signer.sign(tbs)));
}

export interface ParsedCrl {
  readonly raw: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** When each serial number was revoked. */
  readonly revoked: ReadonlyMap<bigint, Date>;
  /** Indirect, partitioned or delta: it does not speak for all certificates of its issuer. */
  readonly partial: boolean;
}

const parsed = new BoundedCache<ParsedCrl>(64);

/** Parse a DER revocation list; equal bytes are parsed once. @throws MALFORMED */
export function parseCrl(der: Uint8Array): ParsedCrl {
  return parsed.get(Buffer.from(sm3(der)).toString('latin1'), () => readCrl(Uint8Array.from(der)));
}

function readCrl(raw: Uint8Array): ParsedCrl {
  const outer = new DerFields(parseDer(raw));
  const tbsNode = outer.take(TAG.SEQUENCE);
  const outerAlgorithm = outer.take(TAG.SEQUENCE);
  const signature = toOctets(outer.take(TAG.BIT_STRING));
  outer.end();
  const tbs = new DerFields(tbsNode);
  const version = tbs.optional(TAG.INTEGER);
  if (version !== undefined && toSmallInteger(version) !== 1)
    throw new SigningError('MALFORMED', 'unknown CRL version');
  if (Buffer.compare(tbs.take(TAG.SEQUENCE).raw, outerAlgorithm.raw) !== 0) {
    throw new SigningError('MALFORMED', 'the two signature algorithms of the CRL differ');
  }
  const issuerDer = tbs.take(TAG.SEQUENCE).raw;
  const thisUpdate = toTime(tbs.takeAny());
  const next = tbs.optional(TAG.UTC_TIME) ?? tbs.optional(TAG.GENERALIZED_TIME);
  const list = tbs.optional(TAG.SEQUENCE);
  const shell = tbs.optional(contextTag(0));
  tbs.end();
  let partial = false;
  if (shell) {
    const extensions = readExtensionList(new DerFields(shell, contextTag(0)).take(TAG.SEQUENCE));
    partial = [...extensions.values()].some((found) => found.critical);
  }
  const revoked = new Map<bigint, Date>();
  for (const node of list ? childrenOf(list) : []) {
    const fields = new DerFields(node);
    revoked.set(toInteger(fields.take(TAG.INTEGER)), toTime(fields.takeAny()));
    fields.optional(TAG.SEQUENCE);
    fields.end();
  }
  return {
    raw,
    tbs: tbsNode.raw,
    issuerDer,
    signature,
    thisUpdate,
    revoked,
    partial,
    signatureAlgorithm: toOid(new DerFields(outerAlgorithm).take(TAG.OID)),
    nextUpdate: next && toTime(next),
  };
}
