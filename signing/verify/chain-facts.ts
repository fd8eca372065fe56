/** The certificates above a signer's, for the report: by name and signature, whether or not they lead to an anchor. */
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { isIssuedBy } from '../x509/verify-chain.ts';
import { factsOfCertificate } from './certificate-facts.ts';
import type { CertificateFacts } from './report.ts';

const MAX_DEPTH = 8;

/** @param brought what the file brings along */
export function chainFacts(
  certificate: ParsedCertificate,
  store: TrustStore,
  brought: readonly ParsedCertificate[] = [],
): CertificateFacts[] {
  const known = [...(store.anchors ?? []), ...store.intermediates, ...brought];
  const path: ParsedCertificate[] = [certificate];
  for (let last = certificate; path.length <= MAX_DEPTH; ) {
    const { digest } = last;
    const above = known.find((one) => one.digest !== digest && !path.includes(one) && isIssuedBy(last, one));
    if (!above) break;
    path.push(above);
    last = above;
  }
  return path.slice(1).map(factsOfCertificate);
}
