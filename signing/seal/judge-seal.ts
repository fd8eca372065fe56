/** Judge an electronic seal by itself, before anything is sealed with it (GB/T 38540-2020 §6.4): the maker's signature, the
 *  maker, the one who is to press it, the validity. All faults are named at once. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import type { Check, VerificationPolicy } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { type TrustStore, trustStoreOf } from '../x509/trust-store.ts';
import { isIssuedBy, sameBytes } from '../x509/verify-chain.ts';
import { verifySignedOnce } from '../x509/verify-signed.ts';
import { judgeSealTime } from './judge-seal-time.ts';
import type { ParsedSeal } from './parsed-seal.ts';
import { isListedSigner } from './verify-seal.ts';

/** Where a check of a seal speaks of. */
export type SealPart = 'seal' | 'maker' | 'signer';

/** @param signers certificate of whoever is to press the seal, its issuers after it, DER
 *  @returns checks whose `where` is a {@link SealPart}; trust is judged as the policy says, at `policy.at` */
export function judgeSeal(
  seal: ParsedSeal,
  signers: readonly Uint8Array[],
  policy: VerificationPolicy,
): readonly Check[] {
  const store = trustStoreOf(policy);
  const extra = signers.slice(1).flatMap(readCertificate);
  const [maker] = readCertificate(seal.makerCertificate);
  const made = judgeSealTime(seal, store, 'seal');
  const own = sealFaults(seal, maker, policy.at).map((code) => check('seal', 'failed', code, 'seal'));
  return [
    ...(own.length > 0 ? own : [passed('seal', 'seal')]),
    ...(made ? [made.check] : []),
    ...judgeMaker(maker, store, policy, extra),
    ...judgeSigner(seal, signers[0], store, extra),
  ];
}

function readCertificate(der: Uint8Array): ParsedCertificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof SigningError) return [];
    throw error;
  }
}

function sealFaults(seal: ParsedSeal, maker: ParsedCertificate | undefined, at: Date): CheckCode[] {
  const faults: CheckCode[] = [];
  if (seal.signatureAlgorithm !== OID.sm2WithSm3) faults.push('ALGORITHM_UNSUPPORTED');
  else if (!maker || !verifySignedOnce(OID.sm2WithSm3, maker.publicKey, seal.signedBytes, seal.signature))
    faults.push('SEAL_SIGNATURE_INVALID');
  if (at < seal.validFrom || at > seal.validTo) faults.push('SEAL_OUTSIDE_VALIDITY');
  return faults;
}

function judgeMaker(
  maker: ParsedCertificate | undefined,
  store: TrustStore,
  policy: VerificationPolicy,
  extra: readonly ParsedCertificate[],
): Check[] {
  if (!maker) return [check('seal', 'failed', 'SEAL_MAKER_UNFIT', 'maker')];
  const accepted =
    policy.sealMakers === undefined ||
    policy.sealMakers.some((der) => readCertificate(der).some((listed) => speaksFor(listed, maker)));
  return [
    ...(accepted ? [] : [check('seal', 'failed', 'SEAL_MAKER_NOT_ACCEPTED', 'maker')]),
    ...judgeCertificate(maker, store, policy.at, 'maker', extra).checks,
  ];
}

/** The maker itself, or an authority that issued to it. */
function speaksFor(listed: ParsedCertificate, maker: ParsedCertificate): boolean {
  return listed.digest === maker.digest || (listed.basicConstraints.ca && isIssuedBy(maker, listed));
}

function judgeSigner(
  seal: ParsedSeal,
  der: Uint8Array | undefined,
  store: TrustStore,
  extra: readonly ParsedCertificate[],
): Check[] {
  const [signer] = der ? readCertificate(der) : [];
  if (!der || !signer) return [check('certificate', 'failed', 'CERTIFICATE_MALFORMED', 'signer')];
  const checks: Check[] = [];
  if (!isListedSigner(seal, der)) checks.push(check('seal', 'failed', 'SEAL_SIGNER_UNLISTED', 'signer'));
  // whoever may press a seal may not also have made it
  if (sameBytes(seal.makerCertificate, der)) checks.push(check('seal', 'failed', 'SEAL_MAKER_UNFIT', 'signer'));
  return [...checks, ...judgeCertificate(signer, store, store.now, 'signer', extra).checks];
}
