/** Go by the clock through what was promised: the department is told when something falls due and when it is late, each due date once.
 *  It costs with what is due. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import { type Notice, tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { nextLook, owedDates, toldOf } from './promise-times.ts';
import type { CommitmentColumns } from './rows.ts';

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
    const owed = await readOwed(house, tx, rows);
    const notices = rows.flatMap((row) => noticesOf(row, owed(row), today));
    await tellRecipients(house, tx, notices);
    const next = rows.map((row) => ({ id: row.id, nextOn: nextLook(owed(row), today) }));
    await updateRows(house.db, tx, commitments, 'id', next);
    return rows.length;
  });
}

/** By commitment: the dates by which something is owed. One question for all. */
async function readOwed(house: House, tx: Tx, rows: readonly CommitmentColumns[]) {
  if (rows.length === 0) return () => [];
  const where = { licenceId: rows.map(({ id }) => id), arrivedAt: null };
  const items = await readRows(house.db.rows.commitmentItems, { where, tx });
  const byLicence = groupBy(items, ({ licenceId }) => licenceId);
  return ({ id, rectifyBy }: CommitmentColumns) => owedDates(byLicence.get(id) ?? [], rectifyBy);
}

function noticesOf(
  { id, issuingBody, catalogueCode, rectifyBy, nextOn }: CommitmentColumns,
  dates: readonly string[],
  today: string,
): Notice[] {
  return dates.flatMap((dueOn): Notice[] => {
    const stage = toldOf(dueOn, nextOn ?? today, today);
    if (stage === 'open') return [];
    const kind = stage === 'overdue' ? 'commitment.late' : 'commitment.due';
    const facts = { licenceId: id, catalogueCode, dueOn, rectification: rectifyBy === dueOn };
    return [{ to: `body:${issuingBody}`, kind, subjectId: id, stage: dueOn, facts }];
  });
}
