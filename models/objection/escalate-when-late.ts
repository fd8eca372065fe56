/** What comes too late comes before the bureau even when the clock had no time to notice: a scheduler that stood still changes nothing. */
import { findClocks } from '../deadline/find-clocks.ts';
import { type House, houseCaller } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type Awaited, MARKS, recordEscalations } from './record-escalations.ts';
import type { ObjectionColumns } from './rows.ts';

/** Asked before the clock stops.
 *  @returns the objection as it then is */
export async function escalateWhenLate(
  house: House,
  tx: Tx,
  objection: ObjectionColumns,
  awaited: Awaited,
): Promise<ObjectionColumns> {
  const subjectId = (awaited === 'answer' ? objection.id : objection.correctionId) ?? '';
  const clock = (await findClocks(house, [subjectId], tx)).get(subjectId);
  const now = house.clock();
  if (!clock || now <= clock.dueAt || objection[MARKS[awaited]] !== null) return objection;
  await recordEscalations(house, tx, houseCaller(house.newId()), [objection], awaited);
  return { ...objection, [MARKS[awaited]]: now };
}
