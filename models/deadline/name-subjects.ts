/** What clocks are for, as people call it: the case by its number, the objection and the order by theirs. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';

export interface SubjectName {
  readonly subject: string;
  /** Of a case: the entry its licence is due under. */
  readonly catalogueCode: string | null;
  /** Of a case that was made offline; null where it was left out. */
  readonly offlineReason: string | null;
}

/** By id. */
export async function nameSubjects(house: House, ids: readonly string[], tx?: Tx): Promise<Map<string, SubjectName>> {
  if (ids.length === 0) return new Map();
  const where = { id: { [Op.in]: [...ids] } };
  const cases = await readRows(house.db.rows.cases, { where, tx });
  const objections = await readRows(house.db.rows.objections, { where, tx });
  const corrections = await readRows(house.db.rows.objections, { where: { correctionId: where.id }, tx });
  // Each round of an order has a clock: order and round.
  const rounds = ids.filter((id) => id.includes(':'));
  const orders = await readRows(house.db.rows.orders, { where: { id: { [Op.in]: rounds.map(orderOf) } }, tx });
  const nameOf = (number: string) => ({ subject: number, catalogueCode: null, offlineReason: null });
  return new Map<string, SubjectName>([
    ...cases.map(
      ({ id, caseNumber, catalogueCode, offlineReason }) =>
        [id, { subject: caseNumber, catalogueCode, offlineReason }] as const,
    ),
    ...objections.map(({ id, number }) => [id, nameOf(number)] as const),
    ...rounds.map((id) => [id, nameOf(orders.find((order) => order.id === orderOf(id))?.number ?? id)] as const),
    ...corrections.map(({ correctionId, number }) => [correctionId ?? '', nameOf(number)] as const),
  ]);
}

const orderOf = (clockId: string) => clockId.slice(0, clockId.indexOf(':'));
