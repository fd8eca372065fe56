/** The issuer takes back that another body may use its seal. */
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireOwnSeal } from './may-see-seal.ts';
import type { SealReason } from './run-move.ts';
import { type SealUserView, viewSealUser } from './view-seal.ts';

/** Throws `NOT_FOUND`, also for another body's seal; `STATE_CONFLICT` when it was withdrawn already. */
export async function withdrawSealUser(
  house: House,
  caller: Caller,
  sealId: string,
  userId: string,
  { reason }: SealReason,
  remember?: Remember<SealUserView>,
): Promise<SealUserView> {
  requireRole(caller, 'issuer.seal-keeper');
  return withTransaction(house.db, async (tx) => {
    const { seals, sealUsers } = house.db.rows;
    const seal = await seals.findByPk(sealId, { transaction: tx, attributes: ['organisationCode'] });
    const row = await sealUsers.findByPk(userId, { transaction: tx, lock: true });
    if (!seal || row?.sealId !== sealId) throw new Fault('NOT_FOUND');
    requireOwnSeal(caller)(seal);
    if (row.state !== 'authorised') throw new Fault('STATE_CONFLICT', { detail: row.state });
    const ended = { endedAt: house.clock(), endedBy: caller.id };
    await row.update({ state: 'withdrawn', ...ended }, { transaction: tx });
    const details = { sealId, userId, organisationCode: row.organisationCode, state: 'withdrawn', reason };
    await appendAudit(house, tx, caller, { act: 'seal.authorise', details });
    const view = viewSealUser(row.get());
    await remember?.(tx, view);
    return view;
  });
}
