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
  /** How long after its nextUpdate a list still clears, milliseconds. */
  readonly staleAfterMs?: number;
  /** Accepted seal makers, or authorities that issue to makers only; undefined: any that leads to an anchor. */
  readonly sealMakers?: readonly ParsedCertificate[] | undefined;
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

/** As parseAll, remembered by the list (lists are values: nobody changes one): a service judges by the same lists at ever
 *  new moments. */
function rememberParsed<T>(parse: (der: Uint8Array) => T): (items: readonly Uint8Array[]) => readonly T[] {
  const known = new WeakMap<readonly Uint8Array[], readonly T[]>();
  return (items) => {
    const parsed = known.get(items) ?? parseAll(items, parse);
    known.set(items, parsed);
    return parsed;
  };
}

const certificatesOf = rememberParsed(parseCertificate);
const crlsOf = rememberParsed(parseCrl);

const stores = new WeakMap<VerificationPolicy, TrustStore>();

/** The trust store of a policy; the same policy object is read once. */
export function trustStoreOf(policy: VerificationPolicy): TrustStore {
  const known = stores.get(policy);
  if (known) return known;
  const certificates = policy.certificates && certificatesOf(policy.certificates);
  const store: TrustStore = {
    anchors: certificates?.filter(isSelfSigned),
    intermediates: certificates?.filter((certificate) => !isSelfSigned(certificate)) ?? [],
    crls: policy.crls ? crlsOf(policy.crls) : [],
    staleAfterMs: policy.crlGraceMs ?? 0,
    sealMakers: policy.sealMakers && certificatesOf(policy.sealMakers),
    now: policy.at,
  };
  stores.set(policy, store);
  return store;
}

/** The store with what a file brings along: it may stand between and tell of revocation, it never lends trust. */
export function storeWith(
  store: TrustStore,
  brought: { readonly certificates: readonly ParsedCertificate[]; readonly crls: readonly ParsedCrl[] },
): TrustStore {
  if (brought.certificates.length === 0 && brought.crls.length === 0) return store;
  return {
    ...store,
    intermediates: [...store.intermediates, ...brought.certificates],
    crls: [...store.crls, ...brought.crls],
  };
}
