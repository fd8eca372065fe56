/** When the first version of a licence was issued: a new version does not begin the years between two inspections anew. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';

/** YYYY-MM-DD by the id of the licence; only those that took the place of another are in it. */
export type FirstIssues = ReadonlyMap<string, string>;

/** A query for each version of the licence that has the most of them, however many licences there are. */
export async function findFirstIssues(
  house: House,
  tx: Tx,
  licences: readonly Pick<LicenceColumns, 'id' | 'predecessorId'>[],
): Promise<FirstIssues> {
  const first = new Map<string, string>();
  let open = new Map(
    licences.flatMap(({ id, predecessorId }) => (predecessorId ? [[id, predecessorId] as const] : [])),
  );
  while (open.size > 0) {
    const formers = await readRows(house.db.rows.licences, {
      where: { id: { [Op.in]: [...new Set(open.values())] } },
      attributes: ['id', 'predecessorId', 'issuedOn'],
      tx,
    });
    const byId = new Map(formers.map((former) => [former.id, former]));
    const further = new Map<string, string>();
    for (const [id, formerId] of open) {
      const former = byId.get(formerId);
      if (former?.issuedOn) first.set(id, former.issuedOn);
      if (former?.predecessorId) further.set(id, former.predecessorId);
    }
    open = further;
  }
  return first;
}
