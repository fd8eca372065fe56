/** No licence of an entry that demands it is issued before its holders were found to match the registries. */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { Caller, House } from '../house.ts';
import { compareHolders, judgeComparisons, keepComparisons } from '../registry/index.ts';
import type { LicenceHolder } from './find-holders.ts';

/** The result is kept with the licence, whatever it is. Throws `REGISTRY_MISMATCH` with pointers to what differs, or
 *  `REGISTRY_UNAVAILABLE`: the licence stays as it is and may be sealed later. */
export async function compareBeforeIssue(
  house: House,
  caller: Caller,
  licenceId: string,
  entry: CatalogueColumns,
  holders: readonly LicenceHolder[],
): Promise<void> {
  if (!entry.definition.registryComparison) return;
  const comparisons = await compareHolders(
    house,
    caller,
    holders.map((holder) => ({
      ...{ type: holder.type, name: holder.nameOnFace, numberType: holder.numberType },
      number: revealHolderNumber(house, holder),
    })),
  );
  await keepComparisons(house, caller, { licenceId, comparisons });
  const fault = judgeComparisons(comparisons);
  if (fault) throw fault;
}
