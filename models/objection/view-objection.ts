/** What is told of an objection. */
import { findClocks } from '../deadline/find-clocks.ts';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ObjectionColumns } from './rows.ts';

export interface ObjectionView {
  readonly number: string;
  readonly state: ObjectionColumns['state'];
  readonly text: string;
  readonly filedAt: string;
  readonly dueAt: string;
  readonly answer: string | null;
  readonly answeredAt: string | null;
}

export async function viewObjection(house: House, row: ObjectionColumns, tx?: Tx): Promise<ObjectionView> {
  const clock = (await findClocks(house, [row.id], tx)).get(row.id);
  const { number, state, text, filedAt, answer, answeredAt } = row;
  const dueAt = clock?.dueAt.toISOString() ?? '';
  return {
    number,
    state,
    text,
    filedAt: filedAt.toISOString(),
    dueAt,
    answer,
    answeredAt: answeredAt?.toISOString() ?? null,
  };
}
