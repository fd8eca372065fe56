/** One record a person or body: found by number, added when new. */
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findOrAddHolders, type HolderInput } from './find-or-add-holders.ts';
import type { HolderColumns } from './rows.ts';

export { defaultNumberType, type HolderInput } from './find-or-add-holders.ts';

/** The record's name follows the newest submission; licences keep the name they were issued with on their face. */
export async function findOrAddHolder(house: House, tx: Tx, input: HolderInput): Promise<HolderColumns> {
  const [holder] = await findOrAddHolders(house, tx, [input]);
  if (!holder) throw new Error('a holder was not stored');
  return holder;
}

export function revealHolderNumber(house: Pick<House, 'cipher'>, holder: Pick<HolderColumns, 'numberCipher'>): string {
  return house.cipher.decrypt('holders.number', holder.numberCipher);
}
