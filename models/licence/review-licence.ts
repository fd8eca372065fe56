/** Review: a person approves or returns exactly these contents. The one who submitted does not review. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnLicence } from './get-own-licence.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export const reviewSchema = z.strictObject({
  decision: z.enum(['approved', 'returned']).default('approved'),
  reason: writtenText(1000).optional(),
});

export async function reviewLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  input: z.infer<typeof reviewSchema>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  requireRole(caller, 'issuer.reviewer');
  await getOwnLicence(house, caller, licenceId);
  // A system's word is no review: it acts by a signed rule, or a person acts through their own credentials.
  if (caller.type !== 'person') throw new Fault('FORBIDDEN');
  if (input.decision === 'returned' && !input.reason) throwFaults([{ pointer: '/reason', code: 'FIELD_REQUIRED' }]);
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.licences.findByPk(licenceId, { transaction: tx, lock: true });
    // What was approved and cannot be sealed after all is returned; it is approved once.
    const open = row?.state === 'submitted' || (row?.state === 'reviewed' && input.decision === 'returned');
    if (!row || !open) throw new Fault('STATE_CONFLICT', { detail: row?.state ?? '' });
    if (row.createdBy === caller.id) throw new Fault('REVIEW_SELF');
    await house.db.rows.reviews.create(
      {
        id: house.newId(),
        licenceId,
        reviewerType: 'person',
        reviewerId: caller.id,
        decision: input.decision,
        reason: input.reason ?? null,
        contentDigest: row.contentDigest,
        createdAt: house.clock(),
      },
      { transaction: tx },
    );
    const approved = input.decision === 'approved';
    // A returned submission gives its number back.
    const moved = approved ? { state: 'reviewed' as const } : { state: 'returned' as const, numberKey: null };
    await row.update({ ...moved, updatedAt: house.clock() }, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'licence.review', licenceId, details: { decision: input.decision } });
    const view = await viewLicence(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}
