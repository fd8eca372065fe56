/** The bureau lets a frozen seal be used again: whoever froze it does not thaw it by themselves. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { runMove, type SealReason } from './run-move.ts';
import type { SealView } from './view-seal.ts';

/** Throws `SEAL_MOVE_REFUSED`, `NOT_FOUND`. */
export async function unfreezeSeal(
  house: House,
  caller: Caller,
  sealId: string,
  { reason }: SealReason,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'bureau.officer');
  return runMove(house, caller, sealId, { act: 'unfreeze', reason }, remember);
}
