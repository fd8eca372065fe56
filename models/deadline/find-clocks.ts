/** How clocks stand: when they are due by the calendar of today, or were when they stopped. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';

export interface ClockState {
  readonly dueAt: Date;
  readonly provisional: boolean;
}

/** By what they are for. */
export async function findClocks(
  house: House,
  subjectIds: readonly string[],
  tx?: Tx,
): Promise<ReadonlyMap<string, ClockState>> {
  const { deadlines, dueTimes } = house.db.rows;
  if (subjectIds.length === 0) return new Map();
  const rows = await readRows(deadlines, { where: { subjectId: { [Op.in]: [...subjectIds] } }, tx });
  const ids = [...new Set(rows.map(({ dueTime }) => dueTime))];
  const times = await readRows(dueTimes, { where: { id: { [Op.in]: ids } }, tx });
  const byId = new Map(times.map((time) => [time.id, time]));
  return new Map(
    rows.map(({ subjectId, dueAt, dueTime, metAt }) => {
      const time = byId.get(dueTime);
      const running = metAt === null && time;
      return [subjectId, { dueAt: running ? time.dueAt : dueAt, provisional: running ? time.provisional : false }];
    }),
  );
}
