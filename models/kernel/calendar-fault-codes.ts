/** The faults of the working-day calendar. */
import { type FaultWords, words } from './fault-words.ts';

export const CALENDAR_FAULTS = {
  CALENDAR_CONTRADICTION: words(
    'invalid',
    '工作日历自相矛盾（同一日期重复，或调休上班日本为工作日）',
    'The calendar contradicts itself (a date twice, or a make-up day that is a working day anyway)',
  ),
  CALENDAR_HOLE: words(
    'invalid',
    '工作日历有缺口（缺少法定节日，或中间缺少年份）',
    'The calendar has a hole (a statutory holiday, or a year in between, is missing)',
  ),
  CALENDAR_UNREADABLE: words(
    'invalid',
    '日历文件无法识别（JSON 或 iCalendar）',
    'The calendar file cannot be read (JSON or iCalendar)',
  ),
} satisfies Record<string, FaultWords>;
