/** Revocation by lists (RFC 5280 §6.3), judged at the time of signing. */
import type { CheckCode } from '../verify/check-words.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { CRL_REASONS, type ParsedCrl, type Revocation } from './parse-crl.ts';
import { sameBytes } from './verify-chain.ts';
import { verifySignedOnce } from './verify-signed.ts';

export type RevocationState =
  | { readonly state: 'good' }
  | {
      readonly state: 'revoked';
      /** From when on it counts as revoked. */
      readonly at: Date;
      readonly reason: number | undefined;
    }
  /** No list of the issuer, or none that can be relied on. */
  | { readonly state: 'unknown'; readonly code: CheckCode };

export interface RevocationRules {
  /** How long after its nextUpdate a list still clears, milliseconds; default 0. */
  readonly staleAfterMs?: number;
  /** The moment of judging: a list of later than this is not believed. */
  readonly now?: Date;
}

/** Whether a certificate was revoked at `at`. `issuer` undefined: the chain is not known, so a list that names
 *  the certificate still counts (it can only make the answer stricter), but none can clear it. A partial list can
 *  revoke and not clear, nor can one without nextUpdate or from before the certificate; an indirect one is not relied on at
 *  all. */
export function checkRevocation(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate | undefined,
  crls: readonly ParsedCrl[],
  at: Date,
  rules: RevocationRules = {},
): RevocationState {
  let code: CheckCode = 'REVOCATION_UNKNOWN';
  let cleared: Date | undefined;
  let held: { readonly since: Date; readonly listed: Date } | undefined;
  for (const crl of crls) {
    if (!sameBytes(crl.issuerDer, certificate.issuerDer)) continue;
    const fault = faultOf(crl, issuer, rules);
    if (fault !== undefined) {
      code = fault;
      continue;
    }
    const entry = crl.revoked.get(certificate.serial);
    const since = entry && effectiveFrom(entry);
    if (entry && since && since <= at) {
      if (entry.reason !== CRL_REASONS.certificateHold) return { state: 'revoked', at: since, reason: entry.reason };
      if (!held || held.listed < crl.thisUpdate) held = { since, listed: crl.thisUpdate };
      continue;
    }
    if (!issuer || crl.partial) continue;
    if (!canClear(crl, certificate, at, rules)) code = 'CRL_STALE';
    else if (!cleared || cleared < crl.thisUpdate) cleared = crl.thisUpdate;
  }
  // what was held is free again only when a later list no longer names it
  if (held && !(cleared && cleared > held.listed)) {
    return { state: 'revoked', at: held.since, reason: CRL_REASONS.certificateHold };
  }
  return cleared ? { state: 'good' } : { state: 'unknown', code };
}

function faultOf(
  crl: ParsedCrl,
  issuer: ParsedCertificate | undefined,
  { now }: RevocationRules,
): CheckCode | undefined {
  if (crl.indirect || (now && crl.thisUpdate > now)) return 'CRL_INVALID';
  return issuer && !isCrlOf(crl, issuer) ? 'CRL_INVALID' : undefined;
}

/** A list that never runs out would clear for ever, and one from before the certificate cannot have known of it. */
function canClear(
  { thisUpdate, nextUpdate }: ParsedCrl,
  { notBefore }: ParsedCertificate,
  at: Date,
  { staleAfterMs = 0 }: RevocationRules,
): boolean {
  if (nextUpdate === undefined || thisUpdate < notBefore) return false;
  return at.getTime() <= nextUpdate.getTime() + staleAfterMs;
}

const COMPROMISED: readonly (number | undefined)[] = [
  CRL_REASONS.keyCompromise,
  CRL_REASONS.cACompromise,
  CRL_REASONS.aACompromise,
];

/** A key that others may have had proves nothing from the day they may have had it. */
function effectiveFrom({ revokedAt, reason, invalidSince }: Revocation): Date {
  return invalidSince && invalidSince < revokedAt && COMPROMISED.includes(reason) ? invalidSince : revokedAt;
}

/** Whether the list is signed by this authority, and the authority may sign lists. */
export function isCrlOf(crl: ParsedCrl, issuer: ParsedCertificate): boolean {
  if (!sameBytes(crl.issuerDer, issuer.subjectDer)) return false;
  if (issuer.keyUsage && !issuer.keyUsage.has('cRLSign')) return false;
  return verifySignedOnce(crl.signatureAlgorithm, issuer.publicKey, crl.tbs, crl.signature);
}
