/** A submission that is withdrawn or returned comes to no licence: what was promised with it is owed no more. Submitted anew, it is
 *  another one, with which it is entered anew. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { CommitmentStepColumns } from './rows.ts';

/** @param act what became of the submissions */
export async function endPromises(
  house: House,
  tx: Tx,
  caller: Caller,
  licenceIds: readonly string[],
  act: 'withdrawn' | 'returned',
): Promise<void> {
  const { commitments, commitmentSteps } = house.db.rows;
  const where = { id: { [Op.in]: [...licenceIds] }, endedAt: null };
  const open = await readRows(commitments, { where, attributes: ['id'], tx });
  const at = house.clock();
  const nothing = { dueOn: null, nextOn: null, rectifyBy: null };
  const ended = open.map(({ id }) => ({ id, state: 'ended' as const, ...nothing, endedAt: at }));
  await updateRows(house.db, tx, commitments, 'id', ended);
  const steps = open.map(({ id: licenceId }): CommitmentStepColumns => {
    return { id: house.newId(), licenceId, act: 'end', actor: caller.id, details: { act }, at };
  });
  await insertRows(house.db, tx, commitmentSteps, steps);
}
