/** When clocks are due: one row for all that started on one day and run for as many working days. The calendar is read only for a
 *  day of which none started yet; when it changes, these rows move and every clock with them. */
import { Op, Transaction } from 'sequelize';
import type { House } from '../house.ts';
import { startOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { loadCalendar } from './load-calendar.ts';
import type { CalendarChangeColumns, DueTimeColumns } from './rows.ts';
import { addWorkingDays, explainWorkingDays, type WorkingCalendar } from './working-days.ts';

export interface Span {
  readonly startedAt: Date;
  readonly workingDays: number;
}

export const dueTimeId = ({ startedAt, workingDays }: Span) => `${toShanghaiDate(startedAt)}+${workingDays}`;

/** Of each span its due time, by `dueTimeId`. */
export async function findDueTimes(
  house: House,
  tx: Tx,
  spans: readonly Span[],
): Promise<ReadonlyMap<string, DueTimeColumns>> {
  const wanted = new Map(spans.map((span) => [dueTimeId(span), span]));
  const known = await readDueTimes(house, tx, [...wanted.keys()]);
  const missing = [...wanted.values()].filter((span) => !known.has(dueTimeId(span)));
  if (missing.length === 0) return known;
  const first = missing.map(({ startedAt }) => toShanghaiDate(startedAt)).sort()[0];
  const calendar = await holdCalendar(house, tx, first);
  const rows = missing
    .map((span) => composeDueTime(calendar, toShanghaiDate(span.startedAt), span.workingDays))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await insertMissing(house.db, tx, house.db.rows.dueTimes, 'id', rows);
  return new Map([...known, ...rows.map((row) => [row.id, row] as const)]);
}

async function readDueTimes(house: House, tx: Tx, ids: readonly string[]): Promise<Map<string, DueTimeColumns>> {
  const rows = await readRows(house.db.rows.dueTimes, { where: { id: { [Op.in]: [...ids] } }, tx });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Until the transaction ends nobody changes it: what is computed from it now is moved by the next change. */
async function holdCalendar(house: House, tx: Tx, from: string | undefined): Promise<WorkingCalendar> {
  const order: [string, string][] = [['year', 'ASC']];
  await house.db.rows.calendarYears.findAll({ order, transaction: tx, lock: Transaction.LOCK.SHARE, raw: true });
  return loadCalendar(house, tx, from);
}

function composeDueTime(calendar: WorkingCalendar, startedOn: string, workingDays: number): DueTimeColumns {
  const { dueAt, provisional } = addWorkingDays(calendar, startOfShanghaiDate(startedOn), workingDays);
  const id = `${startedOn}+${workingDays}`;
  const warnAt = warnTimeOf(calendar, startedOn, workingDays);
  return { id, startedOn, workingDays, dueAt, warnAt, provisional, warnedAt: null, passedAt: null };
}

/** Warned from the beginning of the last working day; of longer spans from that of the last but one. */
function warnTimeOf(calendar: WorkingCalendar, startedOn: string, workingDays: number): Date {
  const days = explainWorkingDays(calendar, startedOn, workingDays).filter(({ counts }) => counts);
  const day = days.at(workingDays >= LONG_SPAN ? -2 : -1)?.date ?? startedOn;
  return startOfShanghaiDate(day);
}

const LONG_SPAN = 3;

/** The calendar has changed, in this transaction. Only what differs is written. */
export async function moveDueTimes(
  house: House,
  tx: Tx,
): Promise<Pick<CalendarChangeColumns, 'movedTimes' | 'movedClocks'>> {
  const { dueTimes, deadlines } = house.db.rows;
  const calendar = await loadCalendar(house, tx);
  const rows = await readRows(dueTimes, { where: {}, order: [['id', 'ASC']], tx, lock: true });
  const moved = rows.flatMap((row) => {
    const now = composeDueTime(calendar, row.startedOn, row.workingDays);
    const stays = now.dueAt.getTime() === row.dueAt.getTime() && now.warnAt.getTime() === row.warnAt.getTime();
    if (stays && now.provisional === row.provisional) return [];
    // What is now due at another time is gone through again; who was told already is not told twice.
    return [{ row, now: stays ? { ...now, warnedAt: row.warnedAt, passedAt: row.passedAt } : now }];
  });
  await updateRows(
    house.db,
    tx,
    dueTimes,
    'id',
    moved.map(({ now: { startedOn: _, workingDays: __, ...changed } }) => changed),
  );
  const times = moved.flatMap(({ row, now }) => (now.dueAt.getTime() === row.dueAt.getTime() ? [] : [row.id]));
  const where = { dueTime: { [Op.in]: times }, metAt: null };
  const clocks = times.length === 0 ? 0 : await deadlines.count({ where, transaction: tx });
  return { movedTimes: times.length, movedClocks: clocks };
}
