/** Automatic issue: the reviewer is the issuer's signed rule. Without one the licence waits for a person. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findCoveringRule } from './find-review.ts';
import type { LicenceColumns } from './rows.ts';
import { tellStep } from './tell-step.ts';

/** True when a rule approved it. */
export async function reviewByRule(house: House, caller: Caller, licence: LicenceColumns): Promise<boolean> {
  const rule = await findCoveringRule(house, licence);
  if (!rule) return false;
  return withTransaction(house.db, async (tx) => {
    const { licences, reviews } = house.db.rows;
    const where = { id: licence.id, state: 'submitted' as const, contentDigest: licence.contentDigest };
    const [moved] = await licences.update({ state: 'reviewed', updatedAt: house.clock() }, { where, transaction: tx });
    if (moved !== 1) return false;
    await reviews.create(
      {
        id: house.newId(),
        licenceId: licence.id,
        reviewerType: 'rule',
        reviewerId: rule.id,
        decision: 'approved',
        reason: null,
        contentDigest: licence.contentDigest,
        createdAt: house.clock(),
      },
      { transaction: tx },
    );
    await tellStep(house, tx, 'reviewed', [{ ...licence, state: 'reviewed' }]);
    await appendAudit(house, tx, caller, {
      act: 'licence.review',
      licenceId: licence.id,
      details: { ruleId: rule.id, decision: 'approved' },
    });
    return true;
  });
}
