/** Put changes down for the feed, in the transaction that makes them: one insert, no lock that others wait for. */
import type { House } from '../house.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { PublishedChange } from './publish-changes.ts';

export async function writeIntake(house: House, tx: Tx, changes: readonly PublishedChange[]): Promise<void> {
  const atMs = house.clock().getTime();
  const rows = changes.map((change) => ({
    ...{ type: change.type, subjectId: change.id, identifier: change.identifier, sequence: change.sequence },
    ...{ act: change.act, status: change.status, commitment: change.commitment ?? false },
    ...{ issuingBody: change.issuingBody, catalogueCode: change.catalogueCode, atMs },
  }));
  await insertRows(house.db, tx, house.db.rows.changeIntake, rows);
}
