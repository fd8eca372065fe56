/** A move that is planned and not yet due is taken back, with a reason. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller, type Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { lockLicences } from './lock-licences.ts';
import { MOVES } from './states.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export const plannedWithdrawalSchema = z.strictObject({ reason: writtenText(1000) });

/** Throws `NOT_FOUND`, and `STATE_CONFLICT` once it is done, failed or withdrawn, or when it belongs to a new version that is
 *  issued already. */
export async function withdrawPlannedMove(
  house: House,
  caller: Caller,
  { licenceId, moveId }: { readonly licenceId: string; readonly moveId: string },
  { reason }: z.infer<typeof plannedWithdrawalSchema>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  const body = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const { licences, entries } = await lockLicences(house, tx, caller, [licenceId], body);
    const licence = licences.get(licenceId);
    const plan = licence
      ? await house.db.rows.plannedMoves.findOne({ where: { id: moveId, licenceId }, transaction: tx, lock: true })
      : null;
    if (!licence || !plan) throw new Fault('NOT_FOUND');
    if (plan.state !== 'planned' || MOVES[plan.act].needsSuccessor)
      throw new Fault('STATE_CONFLICT', { detail: plan.state });
    const ended = { endedBy: caller.id, endedAt: house.clock() };
    await plan.update({ state: 'withdrawn', why: reason, ...ended }, { transaction: tx });
    const view = await viewLicence(house, licence, tx);
    await remember?.(tx, view);
    await appendAudits(house, tx, houseCaller(caller.requestId), entries);
    const details = { withdrawn: plan.act, effectiveAt: plan.effectiveAt.toISOString() };
    await appendAudits(house, tx, caller, [{ act: 'licence.plan', licenceId, details }]);
    return view;
  });
}
