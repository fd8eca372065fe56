/** The clock's own pass over licences: what takes effect, expires, or was planned for now. It costs with what turns; after a
 *  standstill it catches up in portions, each with the times at which things came due and not the time of the run. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { holdLicences } from './lock-licences.ts';
import { turnDue } from './turn-due.ts';

/** Licences of one transaction. */
const PORTION = 200;
/** Of one run; the next comes in a minute. */
const MOST_PORTIONS = 100;

/** How many steps were written. */
export async function turnLicences(house: House, caller: Caller): Promise<number> {
  let steps = 0;
  for (let portion = 0; portion < MOST_PORTIONS; portion += 1) {
    const ids = await findDue(house);
    if (ids.length === 0) break;
    steps += await turnPortion(house, caller, ids);
  }
  return steps;
}

async function findDue(house: House): Promise<string[]> {
  const now = house.clock();
  const { licences, plannedMoves } = house.db.rows;
  const byDate = await readRows(licences, {
    where: { turnsOn: { [Op.lte]: toShanghaiDate(now) } },
    attributes: ['id'],
    order: [
      ['turnsOn', 'ASC'],
      ['id', 'ASC'],
    ],
    limit: PORTION,
  });
  const planned = await readRows(plannedMoves, {
    where: { state: 'planned', effectiveAt: { [Op.lte]: now } },
    attributes: ['licenceId'],
    order: [
      ['effectiveAt', 'ASC'],
      ['id', 'ASC'],
    ],
    limit: PORTION,
  });
  return [...new Set([...byDate.map(({ id }) => id), ...planned.map(({ licenceId }) => licenceId)])];
}

async function turnPortion(house: House, caller: Caller, ids: readonly string[]): Promise<number> {
  return withTransaction(house.db, async (tx) => {
    const held = await holdLicences(house, tx, ids);
    const { entries, steps } = await turnDue(house, tx, caller, held);
    await appendAudits(house, tx, caller, entries);
    return steps;
  });
}
