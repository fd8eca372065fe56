/** Judge an electronic seal (GB/T 38540-2020 §6.4 as practised): maker, signature, signer, validity. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { type CheckCode, check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { isIssuedBy, sameBytes } from '../x509/verify-chain.ts';
import { verifySignedOnce } from '../x509/verify-signed.ts';
import { isBefore, judgeSealTime } from './judge-seal-time.ts';
import type { ParsedSeal } from './parsed-seal.ts';

/** Whether the seal may be pressed with this certificate (DER): byte for byte, or by plain SM3. */
export function isListedSigner(seal: ParsedSeal, certificate: Uint8Array): boolean {
  if (seal.signers.kind === 'certificates') {
    return seal.signers.certificates.some((listed) => sameBytes(listed, certificate));
  }
  const digest = sm3(certificate);
  return seal.signers.digests.some(
    ({ type, value }) => /^(sm3|1\.2\.156\.10197\.1\.401)$/i.test(type) && sameBytes(value, digest),
  );
}

export interface SealJudgement {
  readonly checks: readonly Check[];
  /** Whether the maker leads to an anchor; null when none were given. */
  readonly trusted: boolean | null;
}

function readMaker(seal: ParsedSeal): ParsedCertificate | undefined {
  try {
    return parseCertificate(seal.makerCertificate);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

const judgedMakers = new WeakMap<ParsedSeal, { readonly maker: string; readonly right: boolean }>();

/** Whether the maker signed the seal; remembered with the seal as it was read, which is itself kept by its digest. */
function isMadeBy(seal: ParsedSeal, maker: ParsedCertificate): boolean {
  const known = judgedMakers.get(seal);
  if (known?.maker === maker.digest) return known.right;
  const right = verifySignedOnce(OID.sm2WithSm3, maker.publicKey, seal.signedBytes, seal.signature);
  judgedMakers.set(seal, { maker: maker.digest, right });
  return right;
}

function sealFault(seal: ParsedSeal, maker: ParsedCertificate, signer: Uint8Array, at: Date): CheckCode | undefined {
  if (seal.signatureAlgorithm !== OID.sm2WithSm3) return 'ALGORITHM_UNSUPPORTED';
  if (!isMadeBy(seal, maker)) return 'SEAL_SIGNATURE_INVALID';
  if (!isListedSigner(seal, signer)) return 'SEAL_SIGNER_UNLISTED';
  // whoever may press a seal may not also have made it
  if (sameBytes(seal.makerCertificate, signer)) return 'SEAL_MAKER_UNFIT';
  if (at < seal.validFrom || at > seal.validTo) return 'SEAL_OUTSIDE_VALIDITY';
  return undefined;
}

/** Whether the maker is on the list of accepted ones, or its certificate comes from an authority on it. */
function isAcceptedMaker(maker: ParsedCertificate, accepted: TrustStore['sealMakers']): boolean {
  if (accepted === undefined) return true;
  return accepted.some((one) => one.digest === maker.digest || (one.basicConstraints.ca && isIssuedBy(maker, one)));
}

/** Judge a seal pressed with the certificate `signer` (DER) at `at`. */
export function verifySeal(
  seal: ParsedSeal,
  use: { readonly signer: Uint8Array; readonly at: Date; readonly store: TrustStore; readonly where: string },
): SealJudgement {
  const maker = readMaker(seal);
  if (!maker) return { checks: [check('seal', 'failed', 'SEAL_MAKER_UNFIT', use.where)], trusted: false };
  const made = judgeSealTime(seal, use.store, use.where);
  const early = isBefore(use.at, made);
  const fault = sealFault(seal, maker, use.signer, use.at) ?? (early ? 'SEAL_OUTSIDE_VALIDITY' : undefined);
  const judged = judgeCertificate(maker, use.store, use.at, `${use.where} 制章人`);
  const fitness = judged.checks.some((one) => one.name === 'certificate' && one.outcome === 'failed');
  const accepted = isAcceptedMaker(maker, use.store.sealMakers);
  const code = fault ?? (fitness ? 'SEAL_MAKER_UNFIT' : accepted ? undefined : 'SEAL_MAKER_NOT_ACCEPTED');
  const own = code ? check('seal', 'failed', code, use.where) : passed('seal', use.where);
  return { checks: [own, ...(made ? [made.check] : []), ...judged.checks], trusted: judged.trusted };
}
