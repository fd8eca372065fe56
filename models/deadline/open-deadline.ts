/** Start and end the law's clocks. */
import { QueryTypes } from 'sequelize';
import { dueTimeId, findDueTimes, tellAgain } from '../calendar/index.ts';
import type { House } from '../house.ts';
import { instantText } from '../store/bulk-values.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { DeadlineColumns } from './rows.ts';

/** Working days allowed: M-11 sentence 2 and 3, M-20; the bureau's own for the correction after an objection; an
 *  order states its limit. */
export const WORKING_DAYS = {
  'offline-push': 1,
  'batch-push': 3,
  objection: 5,
  correction: 5,
  rectification: 10,
} as const;
export type DeadlineKind = keyof typeof WORKING_DAYS;

export type DeadlineFacts = Pick<DeadlineColumns, 'kind' | 'subjectId' | 'organisationCode' | 'startedAt'> & {
  /** Where the bureau has set another number than the usual one. */
  readonly workingDays?: number | undefined;
  /** What it runs towards has come already. Nothing: it runs. */
  readonly metAt?: Date;
};

export async function openDeadline(house: House, tx: Tx, facts: DeadlineFacts): Promise<DeadlineColumns> {
  const [row] = await openDeadlines(house, tx, [facts]);
  if (!row) throw new RangeError('a clock was not started');
  return row;
}

export async function openDeadlines(house: House, tx: Tx, facts: readonly DeadlineFacts[]): Promise<DeadlineColumns[]> {
  const spans = facts.map(({ kind, startedAt, workingDays = WORKING_DAYS[kind] }) => ({ startedAt, workingDays }));
  const times = await findDueTimes(house, tx, spans);
  const rows = facts.map((fact): DeadlineColumns => {
    const workingDays = fact.workingDays ?? WORKING_DAYS[fact.kind];
    const dueTime = dueTimeId({ startedAt: fact.startedAt, workingDays });
    const dueAt = times.get(dueTime)?.dueAt;
    if (!dueAt) throw new RangeError(`no due time ${dueTime}`);
    const { metAt = null } = fact;
    const late = metAt === null ? null : metAt > dueAt;
    return {
      ...{ ...fact, id: house.newId(), openedAt: house.clock(), workingDays, dueAt, dueTime, metAt, late },
      ...{ lateReason: null, lateReasonBy: null, lateReasonAt: null, withdrawnAt: null },
    };
  });
  await insertRows(house.db, tx, house.db.rows.deadlines, rows);
  // Opened when its time runs out or ran out already, as by a notice that comes days after the closing.
  const told = rows.filter(({ late }) => late !== false).flatMap(({ dueTime }) => times.get(dueTime) ?? []);
  await tellAgain(house, tx, told, { running: rows.some(({ metAt }) => metAt === null) });
  return rows;
}

const DUE_NOW = 'SELECT due_times.due_at FROM due_times WHERE due_times.id = deadlines.due_time';

/** They stop, and what they were due by stays as it is now, whatever becomes of the calendar. Stopped ones stay as they are. */
export function meetDeadlines(house: House, tx: Tx, subjectIds: readonly string[], at: Date): Promise<void> {
  return meet(house, tx, subjectIds, { sql: ':at', replacements: { at: instantText(at, house.db.dialect) } });
}

/** Of cases that are linked to a licence: at its arrival, whenever it became known whose it is. */
export function meetByArrival(house: House, tx: Tx, caseIds: readonly string[]): Promise<void> {
  const sql = `(SELECT licences.created_at FROM cases JOIN licences ON licences.id = cases.licence_id
    WHERE cases.id = deadlines.subject_id)`;
  return meet(house, tx, caseIds, { sql, replacements: {} });
}

async function meet(
  house: House,
  tx: Tx,
  subjectIds: readonly string[],
  at: { readonly sql: string; readonly replacements: Readonly<Record<string, string>> },
): Promise<void> {
  if (subjectIds.length === 0) return;
  await house.db.sequelize.query(
    `UPDATE deadlines SET
       late = CASE WHEN ${at.sql} > (${DUE_NOW}) THEN 1 ELSE 0 END, due_at = (${DUE_NOW}), met_at = ${at.sql}
     WHERE subject_id IN (:subjectIds) AND met_at IS NULL`,
    {
      replacements: { ...at.replacements, subjectIds: [...subjectIds] },
      ...{ type: QueryTypes.RAW, transaction: tx },
    },
  );
}
