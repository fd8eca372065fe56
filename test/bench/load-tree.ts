/** The city's book and tree for generated licences, as if the province had confirmed each. */

import { placeOf } from '../../models/digest-tree/tree-shape.ts';
import { SQL_TREE } from '../../models/digest-tree/tree-store.ts';
import { rebuildCityTree, runTree } from '../../models/exchange-state/tree-fold.ts';
import type { House } from '../../models/house.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import { type LicenceSource, messageOf } from './load-licences.ts';

const AT_ONCE = 50_000;

/** @param also is given each message, to load the province with
 *  @returns milliseconds that growing the tree took, once the book was there */
export async function loadTree(
  house: House,
  source: LicenceSource,
  count: number,
  also: (message: ReturnType<typeof messageOf>) => void = () => undefined,
): Promise<number> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const records = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, offset) => {
      const loaded = source.at(from + offset);
      const message = messageOf(loaded);
      also(message);
      const { subject, sequence, digest } = message;
      const own = { subjectType: 'licence' as const, subjectId: loaded.licence.id, fold: 0 };
      return { subject, sequence, digest, ...own, place: placeOf(subject).place };
    });
    records.sort((a, b) => (a.place < b.place ? -1 : 1));
    await withTransaction(house.db, (tx) => runTree(house.db, SQL_TREE.putRecords(records), tx));
  }
  const started = performance.now();
  await rebuildCityTree(house);
  return performance.now() - started;
}
