/** The bureau approves an application for a seal. Two persons: who applied does not approve. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { runMove, type SealReason } from './run-move.ts';
import type { SealView } from './view-seal.ts';

/** Throws `SEAL_SELF_APPROVAL`, `SEAL_MOVE_REFUSED`, `NOT_FOUND`. */
export async function approveSeal(
  house: House,
  caller: Caller,
  sealId: string,
  { reason }: SealReason,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'bureau.officer');
  const check = ({ appliedBy }: { readonly appliedBy: string | null }) => {
    if (appliedBy === caller.id) throw new Fault('SEAL_SELF_APPROVAL');
  };
  return runMove(house, caller, sealId, { act: 'approve', reason, check }, remember);
}
