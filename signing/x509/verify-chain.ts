/** Certificate paths (RFC 5280 §6), hop by hop over the bytes as they stood. */
import { BoundedCache } from '../bounded-cache.ts';
import type { CheckCode } from '../verify/check-words.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { verifySigned } from './verify-signed.ts';

export interface ChainPolicy {
  /** Certificates that may stand between. */
  readonly intermediates: readonly ParsedCertificate[];
  /** Certificates that are believed. */
  readonly anchors: readonly ParsedCertificate[];
  /** The moment at which every certificate must be valid. */
  readonly at: Date;
}

/** Either the path from the leaf to the anchor, or why there is none. */
export type ChainResult =
  | { readonly path: readonly ParsedCertificate[]; readonly fault?: undefined }
  | { readonly path?: undefined; readonly fault: CheckCode };

const MAX_DEPTH = 8;

/** Authorities that are tried for one certificate: a file may hold many of one name and one key, and the ways through such a
 *  mesh are without number. */
const MAX_TRIES = 128;

/** Whether the bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whether a moment lies within the validity of a certificate, both ends included. */
export function isWithinValidity(certificate: ParsedCertificate, at: Date): boolean {
  return certificate.notBefore <= at && at <= certificate.notAfter;
}

/** By the digests of both: a chain returns in every file of a signer. */
const issued = new BoundedCache<boolean>(2048);

/** Whether `issuer` signed `certificate`, judged by names and signature. */
export function isIssuedBy(certificate: ParsedCertificate, issuer: ParsedCertificate): boolean {
  if (!sameBytes(certificate.issuerDer, issuer.subjectDer)) return false;
  return issued.get(`${certificate.digest} ${issuer.digest}`, () =>
    verifySigned(certificate.signatureAlgorithm, issuer.publicKey, certificate.tbs, certificate.signature),
  );
}

const selfSigned = new BoundedCache<boolean>(512);

/** Whether a certificate is signed with its own key. */
export function isSelfSigned(certificate: ParsedCertificate): boolean {
  return selfSigned.get(certificate.digest, () => isIssuedBy(certificate, certificate));
}

/** Why an authority may not stand above a path of `below` certificates (the leaf not counted). */
function authorityFault(authority: ParsedCertificate, below: number): CheckCode | undefined {
  const { basicConstraints, keyUsage, unknownCritical } = authority;
  if (!basicConstraints.ca || (keyUsage && !keyUsage.has('keyCertSign'))) return 'CERTIFICATE_USAGE';
  if (unknownCritical !== undefined) return 'CERTIFICATE_CHAIN_BROKEN';
  if (basicConstraints.pathLength !== undefined && below > basicConstraints.pathLength)
    return 'CERTIFICATE_CHAIN_BROKEN';
  return undefined;
}

/** Find a path from `leaf` to an anchor in which every name, signature, date, CA flag, path length and key
 *  usage holds. The leaf's own key usage is judged by its user. */
export function verifyChain(leaf: ParsedCertificate, policy: ChainPolicy): ChainResult {
  return extendPath([leaf], policy, { tries: MAX_TRIES });
}

function extendPath(path: readonly ParsedCertificate[], policy: ChainPolicy, left: { tries: number }): ChainResult {
  const last = path.at(-1);
  if (last === undefined || path.length > MAX_DEPTH) return { fault: 'CERTIFICATE_CHAIN_BROKEN' };
  if (!isWithinValidity(last, policy.at)) return { fault: 'CERTIFICATE_OUTSIDE_VALIDITY' };
  if (policy.anchors.some((anchor) => anchor.digest === last.digest)) return { path };
  let fault: CheckCode = 'UNTRUSTED';
  for (const candidate of [...policy.anchors, ...policy.intermediates]) {
    if (path.some((member) => member.digest === candidate.digest)) continue;
    if (!sameBytes(last.issuerDer, candidate.subjectDer)) continue;
    left.tries -= 1;
    if (left.tries < 0) return { fault: 'CERTIFICATE_CHAIN_BROKEN' };
    const unfit = authorityFault(candidate, path.length - 1);
    if (unfit === undefined && !isIssuedBy(last, candidate)) {
      if (fault === 'UNTRUSTED') fault = 'CERTIFICATE_CHAIN_BROKEN';
      continue;
    }
    const result: ChainResult = unfit === undefined ? extendPath([...path, candidate], policy, left) : { fault: unfit };
    if (result.path) return result;
    fault = result.fault;
  }
  return { fault };
}
