/** Holidays and make-up days from an iCalendar text as Chinese calendars publish them: whole days, `春节（休）`, `春节 班`, or Apple's mark. */
import { addDays, isRealDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { type IcalEvent, readIcalEvents } from './ical-events.ts';
import type { CalendarDayColumns } from './rows.ts';
import type { StatedDay, StatedDays } from './stated-day.ts';

const POINTER = '/ical';
const MOST_SPAN = 31;
const MOST_NAME = 60;

/** Every fault at once, each with its line and UID: `CALENDAR_UNREADABLE` for what is no calendar of whole days, `DATE_IMPOSSIBLE`,
 *  `CALENDAR_CONTRADICTION` for an event that ends before it begins or says both. */
export function readIcal(text: string): StatedDays {
  const { events, trouble } = readIcalEvents(text);
  const faults: PointedFault[] = trouble
    ? [{ pointer: POINTER, code: 'CALENDAR_UNREADABLE', detail: `第 ${trouble.line} 行 ${trouble.what}` }]
    : [];
  const days: StatedDay[] = [];
  let ignored = 0;
  for (const event of events) {
    const kind = kindOf(event);
    if (kind === undefined) {
      ignored += 1;
      continue;
    }
    const read = kind === 'both' ? fault('CALENDAR_CONTRADICTION', '既休又班') : readSpan(event);
    const place = placeOf(event);
    if ('code' in read) faults.push({ pointer: POINTER, code: read.code, detail: `${place} ${read.detail}` });
    else if (kind !== 'both')
      for (let date = read.from; date < read.before; date = addDays(date, 1))
        days.push({ date, kind, name: nameOf(event), pointer: POINTER, place });
  }
  return { days, faults, ignored };
}

function placeOf({ line, properties }: IcalEvent): string {
  const uid = properties.get('UID')?.value.slice(0, 80);
  return uid ? `第 ${line} 行 UID ${uid}` : `第 ${line} 行`;
}

const summaryOf = ({ properties }: IcalEvent) =>
  (properties.get('SUMMARY')?.value ?? '')
    .replace(/\\n/gi, ' ')
    .replace(/\\([\\;,])/g, '$1')
    .trim();

/** Undefined: an observance that says nothing of working. */
function kindOf(event: IcalEvent): CalendarDayColumns['kind'] | 'both' | undefined {
  const mark = event.properties.get('X-APPLE-SPECIAL-DAY')?.value;
  const summary = summaryOf(event).replaceAll('调休', '');
  const free = mark === 'WORK-HOLIDAY' || /休|假期|放假/.test(summary);
  const working = mark === 'ALTERNATE-WORKDAY' || /班/.test(summary);
  if (free && working) return 'both';
  if (free) return 'holiday';
  return working ? 'working' : undefined;
}

/** 春节（休）, 春节 班, 春节 假期 第1天/共9天 → 春节. */
function nameOf(event: IcalEvent): string {
  const summary = summaryOf(event);
  const name = summary
    .replace(/第\s*\d+\s*天.*$/, '')
    .replace(/[（(【[]?(调休|补|上)?(休息?|班|假期|放假)[）)】\]]?/g, '')
    .replaceAll('调休', '')
    .trim();
  return (name || summary || '节假日').slice(0, MOST_NAME);
}

interface Trouble {
  readonly code: PointedFault['code'];
  readonly detail: string;
}

const fault = (code: Trouble['code'], detail: string): Trouble => ({ code, detail });

/** DTEND is the day after the last; without it the event is one day. */
function readSpan({ properties, twice }: IcalEvent): { readonly from: string; readonly before: string } | Trouble {
  for (const name of ['RRULE', 'RDATE', 'DURATION', 'RECURRENCE-ID'])
    if (properties.has(name)) return fault('CALENDAR_UNREADABLE', `不接受 ${name}`);
  const again = twice.find((name) => ['DTSTART', 'DTEND', 'SUMMARY', 'UID'].includes(name));
  if (again) return fault('CALENDAR_UNREADABLE', `${again} 重复`);
  const from = readDate(properties, 'DTSTART');
  if (typeof from !== 'string') return from;
  const before = properties.has('DTEND') ? readDate(properties, 'DTEND') : addDays(from, 1);
  if (typeof before !== 'string') return before;
  if (before <= from) return fault('CALENDAR_CONTRADICTION', `DTEND ${before} 不晚于 DTSTART ${from}`);
  if (before > addDays(from, MOST_SPAN)) return fault('CALENDAR_CONTRADICTION', `超过 ${MOST_SPAN} 天`);
  return { from, before };
}

function readDate(properties: IcalEvent['properties'], name: string): string | Trouble {
  const property = properties.get(name);
  if (!property) return fault('CALENDAR_UNREADABLE', `缺 ${name}`);
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(property.value) ?? [];
  if (year === undefined) return fault('CALENDAR_UNREADABLE', `${name} 不是日期（VALUE=DATE）`);
  const date = `${year}-${month}-${day}`;
  return isRealDate(date) ? date : fault('DATE_IMPOSSIBLE', `${name} ${property.value}`);
}
