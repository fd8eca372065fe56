/** A plain move of a seal as an act of its own: one transaction, the answer remembered with it. */
import { z } from 'zod';
import type { Caller, House, Remember } from '../house.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type Move, moveSeal } from './move-seal.ts';
import { type SealView, viewSeal } from './view-seal.ts';

/** Why: no seal moves without a word. */
export const sealReasonSchema = z.strictObject({ reason: writtenText(1000) });
export type SealReason = z.infer<typeof sealReasonSchema>;

export async function runMove(
  house: House,
  caller: Caller,
  sealId: string,
  move: Move,
  remember: Remember<SealView> | undefined,
): Promise<SealView> {
  return withTransaction(house.db, async (tx) => {
    const view = viewSeal(await moveSeal(house, tx, caller, sealId, move));
    await remember?.(tx, view);
    return view;
  });
}
