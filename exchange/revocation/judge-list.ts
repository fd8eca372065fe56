/** Whether bytes that were fetched are a revocation list of an authority we know, and newer than what we have. */

import type { FetchedList } from '../../models/revocation/index.ts';
import {
  fromPemOrDer,
  isCrlOf,
  type ParsedCrl,
  parseCertificate,
  parseCrl,
  SigningError,
} from '../../signing/index.ts';

export type ListFault =
  | 'MALFORMED'
  | 'INDIRECT'
  | 'PARTIAL'
  | 'ISSUER_UNKNOWN'
  | 'SIGNATURE_WRONG'
  | 'FROM_FUTURE'
  | 'OLDER';
export type JudgedList = { readonly list: FetchedList; readonly fault?: undefined } | { readonly fault: ListFault };

export interface ListRules {
  /** DER: one of them must have signed it. */
  readonly authorities: readonly Uint8Array[];
  readonly now: Date;
  /** Of the list that is kept: an older one does not take its place. */
  readonly keptUpdate: Date | null;
}

/** Clocks of authorities run a little before ours. */
const SKEW_MS = 5 * 60_000;

export function judgeList(bytes: Uint8Array, rules: ListRules): JudgedList {
  const crl = read(bytes);
  if (!crl) return { fault: 'MALFORMED' };
  if (crl.indirect) return { fault: 'INDIRECT' };
  if (crl.partial) return { fault: 'PARTIAL' };
  const named = rules.authorities.map(parseCertificate).filter(({ subjectDer }) => same(subjectDer, crl.issuerDer));
  const issuer = named.find((authority) => isCrlOf(crl, authority));
  if (!issuer) return { fault: named.length === 0 ? 'ISSUER_UNKNOWN' : 'SIGNATURE_WRONG' };
  if (crl.thisUpdate.getTime() > rules.now.getTime() + SKEW_MS) return { fault: 'FROM_FUTURE' };
  if (rules.keptUpdate && crl.thisUpdate < rules.keptUpdate) return { fault: 'OLDER' };
  const { raw: der, thisUpdate, nextUpdate = null } = crl;
  return { list: { der, issuer: issuer.subject, thisUpdate, nextUpdate } };
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Authorities publish DER; some publish PEM. */
function read(bytes: Uint8Array): ParsedCrl | undefined {
  try {
    const [der = new Uint8Array()] = fromPemOrDer(bytes, 'X509 CRL', 'CRL');
    return parseCrl(der);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
