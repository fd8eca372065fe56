/** Review: a person approves or returns exactly these contents. The one who submitted does not review; where
 *  the entry asks for two reviewers, two persons approve. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { getEntryTraits } from '../catalogue/find-entry.ts';
import { endPromises } from '../commitment/end-promises.ts';
import { reopenCases } from '../deadline/reopen-cases.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { approvalsOf } from './approvals.ts';
import { getOwnLicence } from './get-own-licence.ts';
import type { LicenceColumns } from './rows.ts';
import { tellStep } from './tell-step.ts';
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
    const approved = input.decision === 'approved';
    const complete = approved && (await isLastApproval(house, tx, caller, row));
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
    await row.update({ ...moveBy(approved, complete), updatedAt: house.clock() }, { transaction: tx });
    if (!approved) await reopenCases(house, tx, [row.get()]);
    if (!approved) await endPromises(house, tx, caller, [licenceId], 'returned');
    await appendAudit(house, tx, caller, { act: 'licence.review', licenceId, details: { decision: input.decision } });
    if (complete || !approved) await tellStep(house, tx, approved ? 'reviewed' : 'returned', [row.get()]);
    const view = await viewLicence(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}

/** Of two persons each approves once. Throws `REVIEW_TWICE`. */
async function isLastApproval(
  house: House,
  tx: Tx,
  caller: Caller,
  { id: licenceId, contentDigest, catalogueCode, catalogueVersion }: LicenceColumns,
): Promise<boolean> {
  const { reviewers } = await getEntryTraits(house, catalogueCode, catalogueVersion, tx);
  const reviews = await house.db.rows.reviews.findAll({
    where: { licenceId },
    order: [['id', 'ASC']],
    transaction: tx,
  });
  const given = approvalsOf(reviews, contentDigest);
  if (given.some(({ reviewerId }) => reviewerId === caller.id)) throw new Fault('REVIEW_TWICE');
  return given.length + 1 >= reviewers;
}

/** The first of two leaves it where it is. A returned submission gives its number back. */
function moveBy(approved: boolean, complete: boolean) {
  // A returned submission gives its number back, and its place after a former licence.
  if (!approved) return { state: 'returned' as const, numberKey: null, predecessorId: null };
  return complete ? { state: 'reviewed' as const } : {};
}
