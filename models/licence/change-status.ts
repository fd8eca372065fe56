/** Every change of an issued licence's status goes through the one table of legal moves. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { getOwnLicence } from './get-own-licence.ts';
import { licenceChange } from './licence-change.ts';
import { nextStatus, STATUS_ACTS, type StatusAct, statusOn } from './states.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export const statusChangeSchema = z.strictObject({
  act: z.enum(Object.keys(STATUS_ACTS) as [StatusAct, ...StatusAct[]]),
  /** The rule it rests on, in words. */
  legalBasis: writtenText(500).optional(),
  reason: writtenText(1000),
});
export type StatusChange = z.infer<typeof statusChangeSchema>;

export async function changeStatus(
  house: House,
  caller: Caller,
  licenceId: string,
  change: StatusChange,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  await getOwnLicence(house, caller, licenceId);
  return withTransaction(house.db, async (tx) => {
    const row = await moveTo(house, tx, caller, licenceId, change);
    const view = await viewLicence(house, row, tx);
    await remember?.(tx, view);
    return view;
  });
}

/** Throws `STATE_CONFLICT` for a move that is not legal from where the licence stands today. */
export async function moveTo(house: House, tx: Tx, caller: Caller, licenceId: string, change: StatusChange) {
  const row = await house.db.rows.licences.findByPk(licenceId, { transaction: tx, lock: true });
  const now = house.clock();
  const today = toShanghaiDate(now);
  const fromStatus = row && row.state === 'issued' ? statusOn(row, today) : null;
  const toStatus = fromStatus ? nextStatus(fromStatus, change.act) : undefined;
  // Nothing takes effect before its own date, whoever says so.
  const tooEarly = row && toStatus === 'valid' && statusOn({ ...row.get(), status: toStatus }, today) !== 'valid';
  if (!row || !fromStatus || !toStatus || tooEarly)
    throw new Fault('STATE_CONFLICT', { detail: `${fromStatus ?? row?.state} → ${change.act}` });
  const sequence = row.sequence + 1;
  await row.update({ status: toStatus, sequence, updatedAt: now }, { transaction: tx });
  const { act, legalBasis = null, reason } = change;
  await house.db.rows.changes.create(
    {
      id: house.newId(),
      licenceId,
      sequence,
      act,
      fromStatus,
      toStatus,
      actor: caller.id,
      legalBasis,
      reason,
      effectiveAt: now,
      createdAt: now,
    },
    { transaction: tx },
  );
  await publishChanges(house, tx, caller, [licenceChange(row, act)]);
  await appendAudit(house, tx, caller, { act: 'licence.status', licenceId, details: { act, fromStatus, toStatus } });
  return row.get();
}
