/** Days and instants of Henan's columns: days as `YYYY-MM-DD` (a DATE column, or text), instants in Beijing time without a zone. */
import { toShanghaiTime } from '../../models/kernel/clock.ts';

/** The convention for “no end” beside an empty column. */
const OPEN_ENDED: readonly string[] = ['长期', '永久', '9999-12-31'];

/** YYYY-MM-DD when it is written like a day; otherwise as it stands, to be judged. Undefined: there is none. */
export function readDay(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)(?:[ T]00:00:00(?:\.0+)?)?$/.exec(trimmed) ?? [];
  return year ? `${year}-${month}-${day}` : trimmed;
}

/** The end of a validity; undefined: it has none. */
export function readLastDay(text: string): string | undefined {
  const day = readDay(text);
  return day !== undefined && OPEN_ENDED.includes(day) ? undefined : day;
}

/** 2026-03-02 09:00:00 in Beijing. */
export const toBeijingText = (instant: Date): string => toShanghaiTime(instant);

/** Undefined when it is not written like an instant. */
export function readBeijingText(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$/.test(text.trim())) return undefined;
  const instant = new Date(`${text.trim().replace(' ', 'T')}+08:00`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
