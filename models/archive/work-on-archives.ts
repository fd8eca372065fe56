/** Go on with the batches that were ordered, the oldest first, a volume at a time, as long as may be worked. */
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { isDuplicate } from '../store/with-transaction.ts';
import { makeVolume, VOLUME_BOUNDS, type VolumeBounds } from './make-volume.ts';

/** @param only the batch to work on; left out: all @returns volumes made */
export async function workOnArchives(
  house: House,
  goOn: () => boolean,
  { only, bounds = VOLUME_BOUNDS }: { readonly only?: string; readonly bounds?: VolumeBounds } = {},
): Promise<number> {
  let made = 0;
  while (goOn()) {
    const [archive] = await readRows(house.db.rows.archives, {
      where: { state: 'making', ...(only === undefined ? {} : { id: only }) },
      order: [['id', 'ASC']],
      limit: 1,
    });
    if (!archive) break;
    try {
      if (await makeVolume(house, archive, bounds)) made += 1;
    } catch (error) {
      // another batch has taken one of them meanwhile: what is left is found anew
      if (!isDuplicate(error)) throw error;
    }
  }
  return made;
}
