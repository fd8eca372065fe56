/** Gather what proves signatures later, to be kept in a file: the chains of certificates up to their roots, and the newest
 *  revocation list of every issuer among them. */
import { SigningError } from '../error.ts';
import { isClosed, isListOf } from './check-brought-along.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { type ParsedCrl, parseCrl } from './parse-crl.ts';
import { isIssuedBy, isSelfSigned } from './verify-chain.ts';

export interface Proof {
  /** DER, none twice. */
  readonly certificates: readonly Uint8Array[];
  /** DER, each of an issuer among the certificates. */
  readonly crls: readonly Uint8Array[];
}

const MOST_ABOVE = 8;

/** @param leaves DER: whose chains are wanted; one whose chain does not reach a root is left out
 *  @param known DER: where issuers are looked for
 *  @param crls DER: the lists at hand, of whomever */
export function gatherProof(
  leaves: readonly Uint8Array[],
  known: readonly Uint8Array[],
  crls: readonly Uint8Array[],
): Proof {
  const above = known.flatMap((der) => readable(der, parseCertificate));
  const found = new Map<string, ParsedCertificate>();
  for (const leaf of leaves.flatMap((der) => readable(der, parseCertificate))) {
    for (const one of climb(leaf, above) ?? []) found.set(one.digest, one);
  }
  const certificates = [...found.values()];
  const lists = newestLists(
    certificates,
    crls.flatMap((der) => readable(der, parseCrl)),
  );
  return { certificates: certificates.map(({ raw }) => raw), crls: lists.map(({ raw }) => raw) };
}

/** Whether a chain, DER, holds up to a root. */
export function reachesRoot(chain: readonly Uint8Array[]): boolean {
  return chain.length > 0 && isClosed({ certificates: chain.map(parseCertificate), crls: [] });
}

/** From the leaf upwards as far as its issuers, DER, are known. */
export function climbPart(leaf: ParsedCertificate, known: readonly Uint8Array[]): readonly ParsedCertificate[] {
  return climbAsFar(
    leaf,
    known.flatMap((der) => readable(der, parseCertificate)),
  );
}

/** From the leaf to its root; undefined when an issuer is not known. */
function climb(leaf: ParsedCertificate, known: readonly ParsedCertificate[]): ParsedCertificate[] | undefined {
  const path = climbAsFar(leaf, known);
  const last = path.at(-1);
  return last && isSelfSigned(last) ? path : undefined;
}

function climbAsFar(leaf: ParsedCertificate, known: readonly ParsedCertificate[]): ParsedCertificate[] {
  const path = [leaf];
  for (let last = leaf; !isSelfSigned(last) && path.length <= MOST_ABOVE; ) {
    const issuer = known.find((one) => isIssuedBy(last, one));
    if (!issuer) break;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

function newestLists(certificates: readonly ParsedCertificate[], lists: readonly ParsedCrl[]): ParsedCrl[] {
  return certificates.flatMap((issuer) => {
    const own = lists.filter((list) => isListOf(list, issuer) && !list.partial && !list.indirect);
    const [newest] = own.sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
    return newest ? [newest] : [];
  });
}

/** None for bytes that are not what is read. */
export function readable<T>(der: Uint8Array, parse: (der: Uint8Array) => T): T[] {
  try {
    return [parse(der)];
  } catch (error) {
    if (error instanceof SigningError) return [];
    throw error;
  }
}
