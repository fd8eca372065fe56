/** What a certificate says beside what decides its use: where its revocation list lies, under which policies it was
 *  issued, of which organisation it is. Read only when asked for: a certificate is not refused for them. */
import { OID } from '../der/oids.ts';
import { childrenOf, contextTag, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toOid, toText } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import type { ParsedCertificate } from './parse-certificate.ts';

const URI = 0x86;

/** The addresses of the issuer's complete revocation list (RFC 5280 §4.2.1.13), as they stand: points that name only
 *  some reasons or another issuer are left out. Empty when the extension is missing or cannot be read. */
export function crlUrlsOf(certificate: ParsedCertificate): string[] {
  return read(certificate, OID.crlDistributionPoints, (node) => childrenOf(node).flatMap(urlsOfPoint)) ?? [];
}

function urlsOfPoint(point: DerNode): string[] {
  const fields = new DerFields(point);
  const name = fields.optional(contextTag(0));
  if (name === undefined || fields.left > 0) return [];
  const full = new DerFields(name, contextTag(0)).optional(contextTag(0));
  const names = full ? childrenOf(full) : [];
  return names.filter(({ tag }) => tag === URI).map(({ value }) => Buffer.from(value).toString('latin1'));
}

/** Identifiers of the policies of RFC 5280 §4.2.1.4. */
export function policiesOf(certificate: ParsedCertificate): string[] {
  const policyOf = (node: DerNode): string => toOid(new DerFields(node).take(TAG.OID));
  return read(certificate, OID.certificatePolicies, (node) => childrenOf(node).map(policyOf)) ?? [];
}

/** The code of the organisation (GM/T 0015, private extension); undefined when there is none. */
export function organisationCodeOf(certificate: ParsedCertificate): string | undefined {
  return read(certificate, OID.organisationCode, (node) =>
    toText(node, node.tag === TAG.UTF8 ? TAG.UTF8 : TAG.PRINTABLE),
  );
}

function read<T>(certificate: ParsedCertificate, id: string, take: (node: DerNode) => T): T | undefined {
  const value = certificate.extensions.get(id)?.value;
  if (value === undefined) return undefined;
  try {
    return take(parseDer(value));
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
