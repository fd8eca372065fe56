/** Promised material arrives: it is recorded, and nothing is issued anew (K-10): the licence, its files, its sequence stay as they are. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { holdCommitment, keepCommitment, logAct, noteStep } from './hold-commitment.ts';
import { type CommitmentView, viewCommitments } from './view-commitment.ts';

export const arrivalSchema = z.strictObject({
  /** SM3 of the file that the department keeps. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  note: writtenText(1000).optional(),
});

/** @param item its place, from 1. Late material is taken, and said to be late. Throws `NOT_FOUND`, `NOT_BY_COMMITMENT`,
 *  `PROMISE_ARRIVED`, and `STATE_CONFLICT` when the licence has ended. */
export async function arriveItem(
  house: House,
  caller: Caller,
  licenceId: string,
  item: string,
  { digest, note }: z.infer<typeof arrivalSchema>,
  remember?: Remember<CommitmentView>,
): Promise<CommitmentView> {
  requireRole(caller, 'issuer.clerk');
  return withTransaction(house.db, async (tx) => {
    const held = await holdCommitment(house, tx, caller, licenceId);
    const found = held.items.find(({ place }) => String(place) === item);
    if (!found) throw new Fault('NOT_FOUND');
    if (found.arrivedAt) throw new Fault('PROMISE_ARRIVED', { detail: found.name });
    const arrivedAt = house.clock();
    const arrived = { ...found, arrivedAt, digest: digest ?? null, note: note ?? null };
    await house.db.rows.commitmentItems.update(
      { arrivedAt, digest: arrived.digest, note: arrived.note },
      { where: { id: found.id }, transaction: tx },
    );
    const items = held.items.map((one) => (one.id === found.id ? arrived : one));
    const row = await keepCommitment(house, tx, held, items, held.commitment?.rectifyBy ?? null);
    const late = toShanghaiDate(arrivedAt) > found.dueOn;
    const details = { item: found.place, name: found.name, dueOn: found.dueOn, late, ...(digest ? { digest } : {}) };
    await noteStep(house, tx, caller, licenceId, 'arrive', details);
    const [view] = await viewCommitments(house, [row], tx);
    if (!view) throw new RangeError('one row, one view');
    await remember?.(tx, view);
    await logAct(house, tx, caller, held, {
      act: 'commitment.arrive',
      licenceId,
      details: { item: found.place, late },
    });
    return view;
  });
}
