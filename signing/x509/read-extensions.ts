/** The certificate extensions that decide what a certificate may do (RFC 5280 §4.2.1). */
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toBitString, toBoolean, toOctetString, toOid, toSmallInteger } from '../der/read-values.ts';
import { SigningError } from '../error.ts';

/** KeyUsage bits in their order. */
export const KEY_USES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUse = (typeof KEY_USES)[number];

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | undefined;
}

export interface CertificateExtensions {
  /** Undefined when the extension is missing: then every use is allowed. */
  readonly keyUsage: ReadonlySet<KeyUse> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Whether it was marked critical: a time-stamp authority's must be (RFC 3161 §2.3). */
  readonly extendedKeyUsageCritical: boolean;
  readonly basicConstraints: BasicConstraints;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  /** A critical extension that this reader does not know: the certificate may not be relied on. */
  readonly unknownCritical: string | undefined;
  /** All of them, raw, by identifier: for what is read only when it is asked for. */
  readonly extensions: ReadonlyMap<string, RawExtension>;
}

/** Known and of no weight for signatures of documents: may be critical. */
const HARMLESS: ReadonlySet<string> = new Set([OID.subjectAltName, OID.certificatePolicies, OID.crlDistributionPoints]);

export interface RawExtension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Extensions by identifier. @throws MALFORMED for a repeated one or broken form */
export function readExtensionList(list: DerNode): Map<string, RawExtension> {
  const found = new Map<string, RawExtension>();
  for (const node of childrenOf(list)) {
    const fields = new DerFields(node);
    const id = toOid(fields.take(TAG.OID));
    const flag = fields.optional(TAG.BOOLEAN);
    const value = toOctetString(fields.take(TAG.OCTET_STRING));
    fields.end();
    if (found.has(id)) throw new SigningError('MALFORMED', 'an extension is given twice', { extension: id });
    found.set(id, { critical: flag !== undefined && toBoolean(flag), value });
  }
  return found;
}

function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = new DerFields(parseDer(value));
  const ca = fields.optional(TAG.BOOLEAN);
  const length = fields.optional(TAG.INTEGER);
  fields.end();
  return {
    ca: ca !== undefined && toBoolean(ca),
    pathLength: length === undefined ? undefined : toSmallInteger(length),
  };
}

function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUse> {
  const { bytes } = toBitString(parseDer(value));
  return new Set(KEY_USES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

function readAuthorityKeyId(value: Uint8Array): Uint8Array | undefined {
  return new DerFields(parseDer(value)).optional(0x80)?.value;
}

/** Read the [3] of a TBSCertificate. */
export function readExtensions(node: DerNode | undefined): CertificateExtensions {
  const shell = node && new DerFields(node, contextTag(3));
  const found = shell ? readExtensionList(shell.take(TAG.SEQUENCE)) : new Map<string, RawExtension>();
  shell?.end();
  const extensions = new Map(found);
  const take = <T>(id: string, read: (value: Uint8Array) => T): T | undefined => {
    const extension = found.get(id);
    found.delete(id);
    return extension && read(extension.value);
  };
  const extendedKeyUsageCritical = found.get(OID.extendedKeyUsage)?.critical ?? false;
  const known = {
    extendedKeyUsageCritical,
    keyUsage: take(OID.keyUsage, readKeyUsage),
    extendedKeyUsage: take(OID.extendedKeyUsage, (value) => childrenOf(parseDer(value)).map(toOid)),
    basicConstraints: take(OID.basicConstraints, readBasicConstraints) ?? { ca: false, pathLength: undefined },
    subjectKeyId: take(OID.subjectKeyIdentifier, (value) => toOctetString(parseDer(value))),
    authorityKeyId: take(OID.authorityKeyIdentifier, readAuthorityKeyId),
  };
  const unknown = [...found].find(([id, extension]) => extension.critical && !HARMLESS.has(id));
  return { ...known, unknownCritical: unknown?.[0], extensions };
}
