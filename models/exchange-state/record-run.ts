/** One row a machine and pass: when, how many, and what stood in the way. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';

/** A pass that has begun. */
export interface Run {
  readonly id: string;
  readonly frontEnd: string;
  readonly startedAt: Date;
}

export async function startRun(house: House, frontEnd: string): Promise<Run> {
  const id = house.newId();
  const run = { id, frontEnd, startedAt: house.clock() };
  const row = { ...run, endedAt: null, counts: {} };
  await withTransaction(house.db, (tx) => house.db.rows.exchangeRuns.create(row, { transaction: tx }));
  return run;
}

/** @param error in words for the bureau; undefined when the machine answered throughout
 *  @param waiting when its oldest unanswered row was pushed, null when none waits; undefined when it could not be asked: then
 *  rows may have been waiting since it was read last */
export async function endRun(
  house: House,
  { id, frontEnd, startedAt }: Run,
  counts: Readonly<Record<string, number>>,
  error: string | undefined,
  waiting: Date | null | undefined,
): Promise<void> {
  const now = house.clock();
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.exchangeRuns.update({ endedAt: now, counts }, { where: { id }, transaction: tx });
    const { frontEnds } = house.db.rows;
    const passed = error === undefined ? { lastPassAt: now, lastError: null } : { lastError: error };
    const isSilent = error !== undefined || waiting === undefined;
    const row = isSilent ? await frontEnds.findByPk(frontEnd, { transaction: tx, raw: true }) : null;
    const since = row?.waitingSince ?? row?.lastPassAt ?? row?.createdAt ?? null;
    const waitingSince = waiting === undefined ? since : waiting;
    const silentSince = error === undefined ? null : (row?.silentSince ?? waitingSince ?? since);
    const lastPassMs = Math.max(0, now.getTime() - startedAt.getTime());
    await frontEnds.update(
      { ...passed, lastPassMs, waitingSince, silentSince },
      { where: { name: frontEnd }, transaction: tx },
    );
  });
}

/** By active machine, since when rows of it may lie unanswered; those of which none does are left out. */
export async function findUnread(house: House): Promise<Map<string, Date>> {
  const where = { state: 'active' as const, waitingSince: { [Op.ne]: null } };
  const rows = await readRows(house.db.rows.frontEnds, { where, attributes: ['name', 'waitingSince'] });
  return new Map(rows.flatMap(({ name, waitingSince }) => (waitingSince ? [[name, waitingSince] as const] : [])));
}
