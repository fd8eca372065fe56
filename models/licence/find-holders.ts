/** Who holds a licence. */
import type { HolderColumns } from '../holder/rows.ts';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { loadHolders } from './load-holders.ts';

export type LicenceHolder = HolderColumns & { readonly nameOnFace: string };

/** The holders of a licence in their order. */
export async function findHolders(house: House, licenceId: string, tx?: Tx): Promise<readonly LicenceHolder[]> {
  return (await loadHolders(house, [licenceId], tx)).get(licenceId) ?? [];
}
