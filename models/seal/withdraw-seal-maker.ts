/** Take a maker of seals from the list: nothing it made is believed any more. */
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { SealReason } from './run-move.ts';
import { type SealMakerView, viewSealMaker } from './seal-makers.ts';

/** Throws `NOT_FOUND`; `STATE_CONFLICT` when it was withdrawn already. */
export async function withdrawSealMaker(
  house: House,
  caller: Caller,
  makerId: string,
  { reason }: SealReason,
  remember?: Remember<SealMakerView>,
): Promise<SealMakerView> {
  requireRole(caller, 'bureau.officer', 'admin.security');
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.sealMakers.findByPk(makerId, { transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    if (row.state !== 'accepted') throw new Fault('STATE_CONFLICT', { detail: row.state });
    await row.update({ state: 'withdrawn', reason, endedAt: house.clock(), endedBy: caller.id }, { transaction: tx });
    const details = { makerId, digest: row.digest, state: 'withdrawn' };
    await appendAudit(house, tx, caller, { act: 'seal.maker', details });
    const view = viewSealMaker(row.get());
    await remember?.(tx, view);
    return view;
  });
}
