/** Whether a certificate may sign now: within its validity, and neither it nor an authority above it revoked by the lists at
 *  hand. Asked before a key is used; what a file proves is judged elsewhere. */
import { checkRevocation } from './check-revocation.ts';
import { climbPart, readable } from './gather-proof.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { type ParsedCrl, parseCrl } from './parse-crl.ts';
import { isSelfSigned } from './verify-chain.ts';

/** When it may sign, as far as is known today. */
export interface Fitness {
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly revoked: boolean;
}

/** Lists may be large, and are the same bytes until something newer was fetched. */
const parsed = new WeakMap<Uint8Array, readonly ParsedCrl[]>();

function parsedOnce(der: Uint8Array): readonly ParsedCrl[] {
  const known = parsed.get(der) ?? readable(der, parseCrl);
  parsed.set(der, known);
  return known;
}

/** `chain`: DER, the certificate first; `known`: DER, where further issuers are looked for; `lists`: DER. A certificate that
 *  no list tells of is not revoked. @throws MALFORMED for a certificate that is none */
export function judgeFitness(
  chain: readonly [Uint8Array, ...Uint8Array[]],
  known: readonly Uint8Array[],
  lists: readonly Uint8Array[],
  at: Date,
): Fitness {
  const [own, ...above] = chain;
  const leaf = parseCertificate(own);
  const path = climbPart(leaf, [...above, ...known]);
  const crls = lists.flatMap(parsedOnce);
  const isRevoked = (one: ParsedCertificate, index: number): boolean =>
    !isSelfSigned(one) && checkRevocation(one, path[index + 1], crls, at, { now: at }).state === 'revoked';
  return { notBefore: leaf.notBefore, notAfter: leaf.notAfter, revoked: path.some(isRevoked) };
}
