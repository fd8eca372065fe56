/** A document time-stamp (ISO 32000-2 §12.8.5, ETSI EN 319 142-1 §5.4.3): a TimeStampToken over the byte range. It proves
 *  that everything in its revision was there at its time, and says nothing of who made it. */
import { digestParts } from '../cms/verify-content.ts';
import { checkTimeStamp } from '../tsp/check-time-stamp.ts';
import { isExactToken } from '../tsp/is-exact-token.ts';
import { openTimeStamp } from '../tsp/open-time-stamp.ts';
import { factsOfCertificate } from '../verify/certificate-facts.ts';
import { chainFacts } from '../verify/chain-facts.ts';
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import { storeWith } from '../x509/trust-store.ts';
import type { SignatureCase, SignatureJudgement } from './judge-signature.ts';
import { signedParts, structureOf } from './signed-bytes.ts';

/** @throws MALFORMED, TIME_STAMP_UNFIT */
export function judgeDocumentTimeStamp(one: SignatureCase): SignatureJudgement {
  const { file, signature, where, store, strict } = one;
  const token = structureOf(signature);
  const parts = signedParts(file, signature);
  const stamp = checkTimeStamp(token, (hash) => digestParts(parts, hash), store, where);
  const { certificate, others, info } = openTimeStamp(token);
  const odd = signature.type !== undefined && signature.type !== 'DocTimeStamp' && signature.type !== 'Sig';
  const exact = !odd && (!strict || isExactToken(token));
  const structure = exact ? passed('structure', where) : check('structure', 'failed', 'SIGNATURE_MALFORMED', where);
  const checks: Check[] = [structure, stamp.check];
  const judged = judgeCertificate(certificate, store, info.at, where, others, 'time-stamp');
  const outcome = judged.checks.filter(({ name }) => name === 'trust' || name === 'revocation');
  checks.push(...outcome);
  return {
    checks,
    trusted: judged.trusted,
    told: {
      kind: 'time-stamp',
      seal: null,
      claimedAt: null,
      provenAt: stamp.at?.toISOString() ?? null,
      digestAlgorithm: null,
      signatureAlgorithm: null,
      certificate: factsOfCertificate(certificate),
    },
    chain: chainFacts(certificate, storeWith(store, { certificates: others, crls: [] })),
    ...(stamp.at === undefined ? {} : { stampsAt: stamp.at }),
  };
}
