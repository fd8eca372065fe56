/** What the report tells of each signature of a package. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import type { ParsedSeal } from '../seal/parsed-seal.ts';
import { factsOfCertificate, shownName, withoutNumbers } from '../verify/certificate-facts.ts';
import { chainFacts } from '../verify/chain-facts.ts';
import type { SignatureFacts } from '../verify/report.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { SignatureJudgement } from './verify-one-signature.ts';

const SM3_METHOD = /^(sm3|1\.2\.156\.10197\.1\.401(\.2)?)$/i;

/** @param content paths of the files that are no part of any signature */
export function factsOfSignature(
  judged: SignatureJudgement,
  content: readonly string[],
  store: TrustStore,
): SignatureFacts {
  const { opened, covered, certificate, claimedAt, provenAt } = judged;
  const { where, value } = opened;
  const stamp = value?.kind === 'seal' ? value.stamp : undefined;
  const method = value === undefined ? '' : (opened.description.checkMethod ?? '');
  const isSm2 = stamp === undefined ? value !== undefined : stamp.signatureAlgorithm === OID.sm2WithSm3;
  return {
    where,
    kind: opened.type === 'Sign' ? 'signature' : 'seal',
    seal: stamp ? factsOfSeal(stamp.seal) : null,
    claimedAt: claimedAt?.toISOString() ?? null,
    provenAt: provenAt?.toISOString() ?? null,
    digestAlgorithm: SM3_METHOD.test(method) ? 'SM3' : null,
    signatureAlgorithm: isSm2 ? 'SM2' : null,
    certificate: certificate ? factsOfCertificate(certificate) : null,
    chain: certificate ? chainFacts(certificate, store) : [],
    covers: { unit: 'files', count: covered.size, whole: content.every((path) => covered.has(path)) },
  };
}

/** What a report tells of a seal. */
export function factsOfSeal({
  name,
  makerCertificate,
  validFrom,
  validTo,
}: ParsedSeal): NonNullable<SignatureFacts['seal']> {
  return {
    name: withoutNumbers(name),
    maker: makerOf(makerCertificate),
    validFrom: validFrom.toISOString(),
    validTo: validTo.toISOString(),
  };
}

function makerOf(der: Uint8Array): string {
  try {
    return shownName(parseCertificate(der).subject);
  } catch (error) {
    if (error instanceof SigningError) return '';
    throw error;
  }
}
