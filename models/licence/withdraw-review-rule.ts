/** Take a review rule out of force: from now on its issuer's submissions wait for a person again. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { ReviewRuleDefinition } from './review-rule.ts';

/** Throws `NOT_FOUND`, also for another body's rule. Withdrawing again changes nothing. */
export async function withdrawReviewRule(
  house: House,
  caller: Caller,
  ruleId: string,
  remember?: Remember<ReviewRuleDefinition>,
): Promise<ReviewRuleDefinition> {
  requireRole(caller, 'issuer.seal-keeper');
  const issuingBody = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.reviewRules.findByPk(ruleId, { transaction: tx, lock: true });
    if (row?.issuingBody !== issuingBody) throw new Fault('NOT_FOUND');
    if (row.state === 'in-force') {
      await row.update({ state: 'withdrawn' }, { transaction: tx });
      await appendAudit(house, tx, caller, { act: 'rule.save', details: { ruleId, state: 'withdrawn' } });
    }
    await remember?.(tx, row.definition);
    return row.definition;
  });
}
