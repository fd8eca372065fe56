/** The working days of the quarter and of the weeks behind it, written out by hand from the notice of the State Council's office
 *  (国办发明电〔2025〕7号), counted day by day. Shares nothing with the product. */
import { DAY, HOUR } from './story.ts';

/** 1.1–1.3, 2.15–2.23, 4.4–4.6. */
const HOLIDAYS = [
  ...['2026-01-01', '2026-01-02', '2026-01-03'],
  ...['2026-02-15', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'],
  ...['2026-02-21', '2026-02-22', '2026-02-23'],
  ...['2026-04-04', '2026-04-05', '2026-04-06'],
];
/** Saturdays and a Sunday that are worked. */
const MADE_UP = ['2026-01-04', '2026-02-14', '2026-02-28'];

/** Published in the middle of the quarter for the Friday after: it is free, and a Saturday is worked in its place. */
export const EXTRA_HOLIDAY = '2026-03-06';
export const EXTRA_WORKDAY = '2026-03-14';
export const PUBLISHED_AT = Date.parse('2026-03-04T10:00:00+08:00');

/** Which of the two arrangements. */
export type Arrangement = 'first' | 'second';

const EAST = 8 * HOUR;

/** The date in Shanghai. */
export const dateOf = (instant: number) => new Date(instant + EAST).toISOString().slice(0, 10);
/** 0:00 of it there. */
export const startOf = (date: string) => Date.parse(`${date}T00:00:00Z`) - EAST;

function isWorked(date: string, arrangement: Arrangement): boolean {
  if (arrangement === 'second' && date === EXTRA_HOLIDAY) return false;
  if (arrangement === 'second' && date === EXTRA_WORKDAY) return true;
  if (MADE_UP.includes(date)) return true;
  if (HOLIDAYS.includes(date)) return false;
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** When so many working days after the day of `instant` are over, and from when it is told that they run out: from the beginning of
 *  the last, of three and more of the last but one. */
export function countDays(instant: number, days: number, arrangement: Arrangement) {
  const worked: string[] = [];
  for (let day = startOf(dateOf(instant)) + DAY; worked.length < days; day += DAY) {
    if (isWorked(dateOf(day), arrangement)) worked.push(dateOf(day));
  }
  const last = worked.at(-1) ?? '';
  const warned = days >= 3 ? worked.at(-2) : last;
  return { dueAt: startOf(last) + DAY, warnAt: startOf(warned ?? last) };
}
