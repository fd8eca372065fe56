/** A year's arrangement takes the place of the one there was, in the transaction of the act; every clock that runs is due by it. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { moveDueTimes } from './due-times.ts';
import type { CalendarChangeColumns, CalendarDayChange, CalendarDayColumns, CalendarYearColumns } from './rows.ts';
import type { CalendarYearInput } from './save-year.ts';

/** Null when nothing changes. Throws `CALENDAR_HOLE` at `/year` for a year with none beside it. */
export async function replaceYear(
  house: House,
  tx: Tx,
  caller: Caller,
  year: number,
  { state, document, days }: CalendarYearInput,
): Promise<CalendarChangeColumns | null> {
  const { calendarDays, calendarYears, calendarChanges } = house.db.rows;
  const years = await readRows(calendarYears, { where: {}, order: [['year', 'ASC']], tx, lock: true });
  requireNeighbour(years, year);
  const before = years.find((row) => row.year === year);
  const known = await readRows(calendarDays, { where: daysOf(year), tx });
  const changed = compareDays(known, days);
  const row: CalendarYearColumns = { year, source: caller.id, state, document: document ?? null };
  const same = changed.length === 0 && before?.state === state && before.document === row.document;
  if (same && sameNames(known, days)) return null;
  await calendarDays.destroy({ where: daysOf(year), transaction: tx });
  await insertRows(house.db, tx, calendarDays, days);
  if (before) await calendarYears.update(row, { where: { year }, transaction: tx });
  else await insertRows(house.db, tx, calendarYears, [row]);
  const moved = await moveDueTimes(house, tx);
  const states = before?.state === state ? null : `${before?.state ?? 'none'} → ${state}`;
  const change = {
    id: house.newId(),
    year,
    actor: caller.id,
    days: changed,
    states,
    changedAt: house.clock(),
    ...moved,
  };
  await insertRows(house.db, tx, calendarChanges, [change]);
  const details = { year, document: row.document, states, days: changed.map(nameChange), ...moved };
  await appendAudit(house, tx, caller, { act: 'calendar.save', details });
  return change;
}

const daysOf = (year: number) => ({ date: { [Op.between]: [`${year}-01-01`, `${year}-12-31`] as [string, string] } });

function requireNeighbour(years: readonly CalendarYearColumns[], year: number): void {
  const known = new Set(years.map((row) => row.year));
  if (known.size === 0 || known.has(year) || known.has(year - 1) || known.has(year + 1)) return;
  const [first, last] = [years[0]?.year ?? year, years.at(-1)?.year ?? year];
  throwFaults([{ pointer: '/year', code: 'CALENDAR_HOLE', detail: String(year > last ? last + 1 : first - 1) }]);
}

function compareDays(before: readonly CalendarDayColumns[], after: readonly CalendarDayColumns[]): CalendarDayChange[] {
  const [old, fresh] = [kindsOf(before), kindsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((date) => {
    const [was, is] = [old.get(date) ?? null, fresh.get(date) ?? null];
    return was === is ? [] : [{ date, before: was, after: is }];
  });
}

const kindsOf = (days: readonly CalendarDayColumns[]) => new Map(days.map(({ date, kind }) => [date, kind]));

function sameNames(before: readonly CalendarDayColumns[], after: readonly CalendarDayColumns[]): boolean {
  const names = new Map(before.map(({ date, name }) => [date, name]));
  return after.every(({ date, name }) => names.get(date) === name);
}

const nameChange = ({ date, before, after }: CalendarDayChange) => `${date} ${before ?? '—'} → ${after ?? '—'}`;
