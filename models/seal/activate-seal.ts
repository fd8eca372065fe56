/** An approved seal becomes active, made or registered; the one it renews is superseded in the same moment. */
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { moveSeal } from './move-seal.ts';
import type { SealColumns } from './rows.ts';

/** What is known of a seal once it is there. */
export type ActiveValues = Required<
  Pick<SealColumns, 'origin' | 'sesVersion' | 'esId' | 'eseal' | 'picture' | 'sm2KeyId' | 'rsaKeyId' | 'service'>
> &
  Pick<SealColumns, 'certificates' | 'validFrom' | 'validTo'>;

/** Throws `SEAL_MOVE_REFUSED`, also when the seal it renews was revoked meanwhile. */
export async function activateSeal(
  house: House,
  tx: Tx,
  caller: Caller,
  sealId: string,
  act: 'make' | 'register',
  values: ActiveValues,
): Promise<SealColumns> {
  const seal = await moveSeal(house, tx, caller, sealId, { act, reason: null, values });
  if (seal.renews) await moveSeal(house, tx, caller, seal.renews, { act: 'supersede', reason: `renewed by ${sealId}` });
  return seal;
}
