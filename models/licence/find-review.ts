/** Is there a review that covers these contents: a person's, or one by a rule whose signature still holds? */

import { parseCertificate, verifySm2 } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { ruleCovers } from './review-rule.ts';
import type { LicenceColumns, ReviewRuleColumns } from './rows.ts';

/** Throws `NOT_REVIEWED` or `RULE_SIGNATURE_WRONG`. */
export async function requireReview(house: House, licence: LicenceColumns): Promise<void> {
  const { reviews, reviewRules } = house.db.rows;
  const newest = await reviews.findOne({ where: { licenceId: licence.id }, order: [['id', 'DESC']] });
  if (newest?.decision !== 'approved' || newest.contentDigest !== licence.contentDigest)
    throw new Fault('NOT_REVIEWED');
  if (newest.reviewerType === 'person') return;
  const rule = await reviewRules.findByPk(newest.reviewerId);
  if (!rule || !(await ruleHolds(house, rule.get(), licence))) throw new Fault('NOT_REVIEWED');
}

/** The rule that covers a submission, if the issuer has one in force whose signature holds. */
export async function findCoveringRule(house: House, licence: LicenceColumns): Promise<ReviewRuleColumns | undefined> {
  const rules = await house.db.rows.reviewRules.findAll({
    where: { catalogueCode: licence.catalogueCode, issuingBody: licence.issuingBody, state: 'in-force' },
    order: [['id', 'DESC']],
  });
  for (const rule of rules) if (await ruleHolds(house, rule.get(), licence)) return rule.get();
  return undefined;
}

/** Has the issuer a rule in force for what comes by this way? Whether it covers a licence is judged with that licence. */
export async function hasReviewRule(
  house: House,
  about: Pick<LicenceColumns, 'catalogueCode' | 'issuingBody' | 'source'>,
): Promise<boolean> {
  const { catalogueCode, issuingBody, source } = about;
  const rules = await house.db.rows.reviewRules.findAll({ where: { catalogueCode, issuingBody, state: 'in-force' } });
  return rules.some(({ definition }) => (definition.sources as readonly string[]).includes(source));
}

async function ruleHolds(house: House, rule: ReviewRuleColumns, licence: LicenceColumns): Promise<boolean> {
  if (rule.state !== 'in-force' || !ruleCovers(rule.definition, licence, toShanghaiDate(house.clock()))) return false;
  const key = await house.db.rows.keys.findByPk(rule.keyId);
  const [certificate] = key?.certificates ?? [];
  if (key?.organisationCode !== licence.issuingBody || !certificate) return false;
  const { publicKey } = parseCertificate(new Uint8Array(Buffer.from(certificate, 'base64')));
  if (!verifySm2(publicKey, Buffer.from(canonicalJson(rule.definition)), new Uint8Array(rule.signature))) {
    throw new Fault('RULE_SIGNATURE_WRONG');
  }
  return true;
}
