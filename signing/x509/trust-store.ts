/** What a verifier believes, read once from its policy. */

import { SigningError } from '../error.ts';
import type { VerificationPolicy } from '../verify/report.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { type ParsedCrl, parseCrl } from './parse-crl.ts';
import { isSelfSigned } from './verify-chain.ts';

export interface TrustStore {
  /** Undefined: no certificates were given, trust is not judged. */
  readonly anchors: readonly ParsedCertificate[] | undefined;
  readonly intermediates: readonly ParsedCertificate[];
  readonly crls: readonly ParsedCrl[];
  /** The moment of judging. */
  readonly now: Date;
}

/** Parse what can be parsed: bytes that are no certificate or list cannot lend trust, and are left out. */
function parseAll<T>(items: readonly Uint8Array[], parse: (der: Uint8Array) => T): T[] {
  return items.flatMap((der) => {
    try {
      return [parse(der)];
    } catch (error) {
      if (error instanceof SigningError) return [];
      throw error;
    }
  });
}

const stores = new WeakMap<VerificationPolicy, TrustStore>();

/** The trust store of a policy; the same policy object is read once. */
export function trustStoreOf(policy: VerificationPolicy): TrustStore {
  const known = stores.get(policy);
  if (known) return known;
  const certificates = policy.certificates && parseAll(policy.certificates, parseCertificate);
  const store: TrustStore = {
    anchors: certificates?.filter(isSelfSigned),
    intermediates: certificates?.filter((certificate) => !isSelfSigned(certificate)) ?? [],
    crls: parseAll(policy.crls ?? [], parseCrl),
    now: policy.at,
  };
  stores.set(policy, store);
  return store;
}
