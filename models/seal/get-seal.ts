/** One seal with who may use it and all that befell it; and its picture. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findVisibleSeal } from './may-see-seal.ts';
import { type SealDetailView, viewSealDetail } from './view-seal.ts';

/** Throws `NOT_FOUND`, also for a seal the caller may not know of. */
export async function getSeal(house: House, caller: Caller, sealId: string): Promise<SealDetailView> {
  const row = await findVisibleSeal(house, caller, sealId);
  await logAccess(house, caller, { act: 'seal.read', details: { sealId } });
  return viewSealDetail(house, row);
}

/** PNG. Throws `FILE_MISSING` for a seal that is not made. */
export async function getSealPicture(house: House, caller: Caller, sealId: string): Promise<Uint8Array> {
  const row = await findVisibleSeal(house, caller, sealId);
  await logAccess(house, caller, { act: 'seal.read', details: { sealId, part: 'picture' } });
  if (!row.picture) throw new Fault('FILE_MISSING');
  return new Uint8Array(row.picture);
}
