/** Go by the clock through what was promised: the department is told when something falls due and when it is late, each due date once.
 *  It costs with what is due. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { nextLook, stageOf } from './promise-times.ts';

const PORTION = 500;
const MOST_PORTIONS = 40;

/** Gives how many were told. What is left over is told at the next run. */
export async function watchPromises(house: House, goOn: () => boolean = () => true): Promise<number> {
  let told = 0;
  for (let portion = 0; portion < MOST_PORTIONS && goOn(); portion += 1) {
    const count = await tellPortion(house);
    told += count;
    if (count < PORTION) break;
  }
  return told;
}

async function tellPortion(house: House): Promise<number> {
  const { commitments } = house.db.rows;
  const today = toShanghaiDate(house.clock());
  return withTransaction(house.db, async (tx) => {
    const rows = await readRows(commitments, {
      where: { nextOn: { [Op.lte]: today } },
      order: [
        ['nextOn', 'ASC'],
        ['id', 'ASC'],
      ],
      limit: PORTION,
      tx,
      lock: true,
      by: 'commitments_next',
    });
    const notices = rows.flatMap(({ id, issuingBody, catalogueCode, dueOn, rectifyBy }) => {
      const stage = dueOn === null ? 'open' : stageOf(dueOn, today);
      if (dueOn === null || stage === 'open') return [];
      const kind = stage === 'overdue' ? ('commitment.late' as const) : ('commitment.due' as const);
      const facts = { licenceId: id, catalogueCode, dueOn, rectification: rectifyBy === dueOn };
      return [{ to: `body:${issuingBody}` as const, kind, subjectId: id, stage: dueOn, facts }];
    });
    await tellRecipients(house, tx, notices);
    const next = rows.map(({ id, dueOn }) => ({ id, nextOn: dueOn === null ? null : nextLook(dueOn, today) }));
    await updateRows(house.db, tx, commitments, 'id', next);
    return rows.length;
  });
}
