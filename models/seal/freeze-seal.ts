/** Freeze a seal at once: by its own keeper, who misses it first, or by the bureau. It seals nothing until it is unfrozen. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { requireOwnSealOrBureau } from './may-see-seal.ts';
import { runMove, type SealReason } from './run-move.ts';
import type { SealView } from './view-seal.ts';

/** Throws `SEAL_MOVE_REFUSED`, `NOT_FOUND`. */
export async function freezeSeal(
  house: House,
  caller: Caller,
  sealId: string,
  { reason }: SealReason,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'issuer.seal-keeper', 'bureau.officer');
  return runMove(house, caller, sealId, { act: 'freeze', reason, check: requireOwnSealOrBureau(caller) }, remember);
}
