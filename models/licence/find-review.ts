/** Is there a review that covers these contents: a person's (two persons' where the entry asks for them), or one by a rule whose
 *  signature still holds? */

import { parseCertificate, verifySm2 } from '../../signing/index.ts';
import { findCurrentEntry, getEntryTraits } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { approvalsOf } from './approvals.ts';
import { ruleCovers } from './review-rule.ts';
import type { LicenceColumns, ReviewRuleColumns } from './rows.ts';

/** Throws `NOT_REVIEWED` or `RULE_SIGNATURE_WRONG`. */
export async function requireReview(house: House, licence: LicenceColumns): Promise<void> {
  const { reviews, reviewRules } = house.db.rows;
  const { reviewers } = await getEntryTraits(house, licence.catalogueCode, licence.catalogueVersion);
  const all = await reviews.findAll({ where: { licenceId: licence.id }, order: [['id', 'ASC']] });
  const given = approvalsOf(all, licence.contentDigest);
  const persons = given.filter(({ reviewerType }) => reviewerType === 'person').length;
  if (persons >= reviewers) return;
  const newest = given.at(-1);
  if (reviewers > 1 || !newest) throw new Fault('NOT_REVIEWED');
  const rule = await reviewRules.findByPk(newest.reviewerId);
  if (!rule || !(await ruleHolds(house, rule.get(), licence))) throw new Fault('NOT_REVIEWED');
}

/** The rule that covers a submission, of a type that one may review, if the issuer has one in force whose signature holds. */
export async function findCoveringRule(house: House, licence: LicenceColumns): Promise<ReviewRuleColumns | undefined> {
  const { reviewers } = await getEntryTraits(house, licence.catalogueCode, licence.catalogueVersion);
  // No rule is two persons.
  if (reviewers > 1) return undefined;
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
  const entry = await findCurrentEntry(house, catalogueCode);
  if (entry?.definition.reviewers === 2) return false;
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
