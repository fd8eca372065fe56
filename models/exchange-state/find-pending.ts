/** What was handed over to the province and has no receipt yet. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ProvinceStateColumns } from './province-rows.ts';

/** Of these, those that still wait for the receipt of just this sequence; they are held until the transaction ends. */
export async function lockPending(
  house: House,
  tx: Tx,
  asked: readonly { readonly id: string; readonly sequence: number }[],
): Promise<ReadonlySet<string>> {
  const ids = asked.map(({ id }) => id).sort();
  const rows = await house.db.rows.provinceStates.findAll({
    where: { id: ids, state: 'pending' },
    ...{ attributes: ['id', 'sentSequence'], order: [['id', 'ASC']], transaction: tx, lock: true },
  });
  const sent = new Map(rows.map((row) => [row.id, row.sentSequence]));
  return new Set(asked.flatMap(({ id, sequence }) => (sent.get(id) === sequence ? [id] : [])));
}

/** Of these, those whose newest state the province has confirmed at just this sequence, as they stand; held likewise. */
export async function lockConfirmed(
  house: House,
  tx: Tx,
  asked: readonly { readonly id: string; readonly sequence: number }[],
): Promise<ReadonlyMap<string, ProvinceStateColumns>> {
  const where = { id: { [Op.in]: asked.map(({ id }) => id).sort() } };
  const rows = await readRows(house.db.rows.provinceStates, { where, order: [['id', 'ASC']], tx, lock: true });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    asked.flatMap(({ id, sequence }) => {
      const row = byId.get(id);
      return row?.state === 'acknowledged' && row.acknowledgedSequence === sequence ? [[id, row]] : [];
    }),
  );
}

/** By id, after one of them. */
export async function findPending(house: House, after: string, limit: number): Promise<ProvinceStateColumns[]> {
  const where = { state: 'pending' as const, id: { [Op.gt]: after } };
  return readRows(house.db.rows.provinceStates, { where, order: [['id', 'ASC']], limit });
}
