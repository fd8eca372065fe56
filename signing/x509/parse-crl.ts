/** Certificate revocation lists (RFC 5280 §5), read strictly with their raw slices kept. */
import { BoundedCache } from '../bounded-cache.ts';
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toInteger, toSmallInteger, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { type RawExtension, readExtensionList } from './read-extensions.ts';
import { readSignedShell } from './read-signed-shell.ts';

/** CRLReason of RFC 5280 §5.3.1 by number. */
export const CRL_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** What a list says of one certificate. */
export interface Revocation {
  readonly revokedAt: Date;
  /** A number of CRL_REASONS; undefined when none is stated. */
  readonly reason: number | undefined;
  /** Since when the key is suspected (RFC 5280 §5.3.2); may lie before `revokedAt`. */
  readonly invalidSince: Date | undefined;
}

export interface ParsedCrl {
  readonly raw: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** cRLNumber; undefined when the list has none. */
  readonly number: bigint | undefined;
  /** By serial number. What a delta takes off the list again is not among them. */
  readonly revoked: ReadonlyMap<bigint, Revocation>;
  /** Partitioned, delta, or narrowed by something unknown: it does not speak for all certificates of its issuer. */
  readonly partial: boolean;
  /** It speaks of certificates of other issuers (RFC 5280 §5.2.5, §5.3.3): nothing here relies on such a list. */
  readonly indirect: boolean;
}

const parsed = new BoundedCache<ParsedCrl>(64);

/** Parse a DER revocation list; equal bytes are parsed once. @throws MALFORMED */
export function parseCrl(der: Uint8Array): ParsedCrl {
  return parsed.get(Buffer.from(sm3(der)).toString('latin1'), () => readCrl(Uint8Array.from(der)));
}

interface Entries {
  readonly revoked: Map<bigint, Revocation>;
  partial: boolean;
  indirect: boolean;
}

const NONE: ReadonlyMap<string, RawExtension> = new Map();
/** Entry extensions that are understood here. */
const OF_ENTRIES: ReadonlySet<string> = new Set([OID.reasonCode, OID.invalidityDate, OID.certificateIssuer]);

function readEntries(list: DerNode | undefined): Entries {
  const entries: Entries = { revoked: new Map(), partial: false, indirect: false };
  for (const node of list ? childrenOf(list) : []) {
    const fields = new DerFields(node);
    const serial = toInteger(fields.take(TAG.INTEGER));
    const revokedAt = toTime(fields.takeAny());
    const given = fields.optional(TAG.SEQUENCE);
    fields.end();
    const extensions = given ? readExtensionList(given) : NONE;
    const reason = readReason(extensions.get(OID.reasonCode));
    const since = extensions.get(OID.invalidityDate);
    entries.indirect ||= extensions.has(OID.certificateIssuer);
    entries.partial ||= [...extensions].some(([id, { critical }]) => critical && !OF_ENTRIES.has(id));
    if (reason === CRL_REASONS.removeFromCRL) continue;
    const invalidSince = since && toTime(parseDer(since.value));
    entries.revoked.set(serial, { revokedAt, reason, invalidSince });
  }
  return entries;
}

const ENUMERATED = 0x0a;

function readReason(extension: RawExtension | undefined): number | undefined {
  if (extension === undefined) return undefined;
  const node = parseDer(extension.value);
  if (node.tag !== ENUMERATED || node.value.length !== 1) {
    throw new SigningError('MALFORMED', 'the reason of a revocation is not one');
  }
  return node.value[0];
}

function readListExtensions(node: DerNode | undefined): ReadonlyMap<string, RawExtension> {
  if (!node) return NONE;
  const shell = new DerFields(node, contextTag(0));
  const found = readExtensionList(shell.take(TAG.SEQUENCE));
  shell.end();
  return found;
}

/** indirectCRL [4] of IssuingDistributionPoint. */
function isIndirect(extension: RawExtension | undefined): boolean {
  if (extension === undefined) return false;
  const fields = childrenOf(parseDer(extension.value));
  return fields.some(({ tag, value }) => tag === 0x84 && value[0] !== 0);
}

function readNumber(extension: RawExtension | undefined): bigint | undefined {
  return extension && toInteger(parseDer(extension.value));
}

function readCrl(raw: Uint8Array): ParsedCrl {
  const { tbs, signature, signatureAlgorithm, expectSameAlgorithm } = readSignedShell(raw);
  const fields = new DerFields(tbs);
  const version = fields.optional(TAG.INTEGER);
  if (version && toSmallInteger(version) !== 1) throw new SigningError('MALFORMED', 'unknown CRL version');
  expectSameAlgorithm(fields.take(TAG.SEQUENCE));
  const issuerDer = fields.take(TAG.SEQUENCE).raw;
  const thisUpdate = toTime(fields.takeAny());
  const next = fields.optional(TAG.UTC_TIME) ?? fields.optional(TAG.GENERALIZED_TIME);
  const entries = readEntries(fields.optional(TAG.SEQUENCE));
  const extensions = readListExtensions(fields.optional(contextTag(0)));
  fields.end();
  return {
    ...{ raw, tbs: tbs.raw, issuerDer, signatureAlgorithm, signature, thisUpdate },
    nextUpdate: next && toTime(next),
    number: readNumber(extensions.get(OID.crlNumber)),
    revoked: entries.revoked,
    // whatever narrows what a list speaks for is critical
    partial: entries.partial || [...extensions.values()].some(({ critical }) => critical),
    indirect: entries.indirect || isIndirect(extensions.get(OID.issuingDistributionPoint)),
  };
}
