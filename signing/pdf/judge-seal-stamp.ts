/** A seal pressed on a PDF (SubFilter GM.sm2seal, as Chinese readers know it): /Contents is a SES_Signature (GB/T 38540)
 *  whose data hash is the SM3 of what /ByteRange names. */
import { digestParts } from '../cms/verify-content.ts';
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { factsOfSeal } from '../ofd/signature-facts.ts';
import { parseSesSignature } from '../seal/parse-seal.ts';
import type { ParsedStamp } from '../seal/parsed-seal.ts';
import { verifyStamp } from '../seal/verify-stamp.ts';
import { checkTimeStamp, type TimeStampJudgement } from '../tsp/check-time-stamp.ts';
import { factsOfCertificate } from '../verify/certificate-facts.ts';
import { chainFacts } from '../verify/chain-facts.ts';
import { check, passed } from '../verify/check-words.ts';
import type { SignatureCase, SignatureJudgement } from './judge-signature.ts';
import { signedParts, structureOf } from './signed-bytes.ts';

/** Handlers that are known to write this form. */
const FILTERS = new Set(['GM.PKILite', 'Gomain.GMPkiLite']);

/** @throws MALFORMED, UNSUPPORTED */
export function judgeSealStamp(one: SignatureCase): SignatureJudgement {
  const { file, signature, where, store, strict, coveredAt } = one;
  if (!FILTERS.has(signature.filter)) {
    throw new SigningError('UNSUPPORTED', 'an unknown handler of seals', { reason: 'ALGORITHM_UNSUPPORTED' });
  }
  const stamp = parseSesSignature(structureOf(signature));
  const dataHash = digestParts(signedParts(file, signature), 'sm3');
  const judged = verifyStamp(stamp, { dataHash, store, where, strict, coveredAt, timeStamp: timeStampOf(stamp, one) });
  const { certificate } = judged;
  const oddForm = judged.checks.some(({ name, outcome }) => name === 'structure' && outcome !== 'passed');
  return {
    checks: [...(oddForm ? [] : [passed('structure', where)]), ...judged.checks],
    trusted: judged.trusted,
    told: {
      kind: 'seal',
      seal: factsOfSeal(stamp.seal),
      claimedAt: judged.claimedAt.toISOString(),
      provenAt: judged.provenAt?.toISOString() ?? null,
      digestAlgorithm: 'SM3',
      signatureAlgorithm: stamp.signatureAlgorithm === OID.sm2WithSm3 ? 'SM2' : null,
      certificate: certificate === undefined ? null : factsOfCertificate(certificate),
    },
    chain: certificate === undefined ? [] : chainFacts(certificate, store),
  };
}

function timeStampOf(stamp: ParsedStamp, { store, where }: SignatureCase): TimeStampJudgement | undefined {
  if (stamp.timeStamp === undefined) return undefined;
  try {
    return checkTimeStamp(stamp.timeStamp, stamp.signatureBytes, store, where);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { check: check('time', 'failed', 'TIMESTAMP_INVALID', where), at: undefined };
  }
}
