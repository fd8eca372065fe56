/** The issuer's clerk takes back what is not sealed yet: a mistake, or what the lint refuses at sealing. Its number is free. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { endPromises } from '../commitment/end-promises.ts';
import { reopenCases } from '../deadline/reopen-cases.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnLicence } from './get-own-licence.ts';
import { tellStep } from './tell-step.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export const withdrawalSchema = z.strictObject({ reason: writtenText(1000) });

const WITHDRAWABLE: readonly string[] = ['submitted', 'returned', 'reviewed'];

/** Throws `NOT_FOUND` for another department's licence, `STATE_CONFLICT` once it is being sealed, issued or withdrawn. */
export async function withdrawLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  { reason }: z.infer<typeof withdrawalSchema>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  requireRole(caller, 'issuer.clerk');
  await getOwnLicence(house, caller, licenceId);
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.licences.findByPk(licenceId, { transaction: tx, lock: true });
    if (!row || !WITHDRAWABLE.includes(row.state)) throw new Fault('STATE_CONFLICT', { detail: row?.state ?? '' });
    const now = house.clock();
    const stood = row.state !== 'returned';
    // It stands among the reviews, so that nothing approved before holds any longer.
    await house.db.rows.reviews.create(
      {
        id: house.newId(),
        licenceId,
        reviewerType: caller.type === 'system' ? 'system' : 'person',
        reviewerId: caller.id,
        decision: 'withdrawn',
        reason,
        contentDigest: row.contentDigest,
        createdAt: now,
      },
      { transaction: tx },
    );
    await row.update({ state: 'withdrawn', numberKey: null, predecessorId: null, updatedAt: now }, { transaction: tx });
    if (stood) await reopenCases(house, tx, [row.get()]);
    await endPromises(house, tx, caller, [licenceId], 'withdrawn');
    await tellStep(house, tx, 'withdrawn', [row.get()]);
    await appendAudit(house, tx, caller, { act: 'licence.withdraw', licenceId });
    const view = await viewLicence(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}
