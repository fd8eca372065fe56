/** A rectification order as PDF: drawn once, and the same bytes for everybody who reads it after; one that no key could sign is signed
 *  when there is one. */
import type { Caller, House } from '../../models/house.ts';
import { findOrderDocument, keepOrderDocument, readOrderDocument } from '../../models/supervision/index.ts';
import { drawOrder } from './draw-order.ts';
import { maySign } from './sign-pages.ts';

/** Throws `NOT_FOUND`, also for another body's. */
export async function openOrderDocument(house: House, caller: Caller, orderId: string): Promise<Uint8Array> {
  const order = await readOrderDocument(house, caller, orderId);
  const kept = await findOrderDocument(house, order);
  if (kept && (kept.signed || !(await maySign(house)))) return house.blobs.get(kept.digest);
  return keepOrderDocument(house, order, await drawOrder(house, order));
}
