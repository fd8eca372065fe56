/** Time is a parameter. Instants are `Date` in UTC; dates without a zone are `YYYY-MM-DD` in Asia/Shanghai. */

export type Clock = () => Date;

/** China keeps UTC+8 the year round since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

/** The calendar date of an instant in Asia/Shanghai. */
export function toShanghaiDate(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** An instant as a clock in Asia/Shanghai shows it: 2026-03-02 09:00:00. */
export function toShanghaiTime(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The instant at which a date begins (0:00) in Asia/Shanghai. */
export function startOfShanghaiDate(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) - SHANGHAI_OFFSET_MS);
}

/** The instant at which a date ends (24:00) in Asia/Shanghai. */
export function endOfShanghaiDate(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 24 * 3600 * 1000 - SHANGHAI_OFFSET_MS);
}

/** Is this text a date that exists, written YYYY-MM-DD? */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** What stands on many faces for ever. No date comes after it: one of five digits sorts before all others and no database takes it. */
export const LAST_DATE = '9999-12-31';
const [FIRST_TIME, LAST_TIME] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse(`${LAST_DATE}T00:00:00Z`)] as const;

/** The date a number of days after another (negative: before), within the dates of four digits: it goes no further than `LAST_DATE`. */
export function addDays(date: string, days: number): string {
  const time = Date.parse(`${date}T00:00:00Z`) + days * 86_400_000;
  return new Date(Math.min(Math.max(time, FIRST_TIME), LAST_TIME)).toISOString().slice(0, 10);
}

/** A date as it stands on a face: 2026年11月22日. */
export function toChineseDate(date: string): string {
  const [year, month, day] = date.split('-');
  return `${year}年${Number(month)}月${Number(day)}日`;
}
