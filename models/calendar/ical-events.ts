/** The events of an iCalendar text (RFC 5545), strictly: lines unfolded, components closed in order, nothing after the end. Only what whole
 *  days need is read; sizes are bounded. */

export interface IcalProperty {
  readonly value: string;
  /** Upper-case names. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly line: number;
}

export interface IcalEvent {
  /** Line of its BEGIN, from 1. */
  readonly line: number;
  /** Upper-case names; a name that stands twice has its last value here and `twice` says so. */
  readonly properties: ReadonlyMap<string, IcalProperty>;
  readonly twice: readonly string[];
}

export interface IcalTrouble {
  readonly line: number;
  readonly what: string;
}

const MOST_EVENTS = 5000;
const MOST_LINE = 5000;
const MOST_DEPTH = 4;

/** Events up to the first trouble, and the trouble. */
export function readIcalEvents(text: string): {
  readonly events: readonly IcalEvent[];
  readonly trouble?: IcalTrouble;
} {
  const events: IcalEvent[] = [];
  const open: string[] = [];
  let begun: { line: number; properties: Map<string, IcalProperty>; twice: string[] } | undefined;
  let ended = false;
  for (const { line, content } of unfold(text)) {
    const trouble = (what: string) => ({ events, trouble: { line, what } });
    if (ended) return trouble('VCALENDAR 之后还有内容');
    if (content.length > MOST_LINE) return trouble(`行长超过 ${MOST_LINE}`);
    const property = readProperty(content, line);
    if (!property) return trouble('不是 名称:值');
    const { name, value } = property;
    if (name === 'BEGIN') {
      if ((open.length === 0) !== (value === 'VCALENDAR')) return trouble(`BEGIN:${value}`);
      if (open.length >= MOST_DEPTH || (begun && value === 'VEVENT')) return trouble('嵌套有误');
      open.push(value);
      if (value === 'VEVENT') begun = { line, properties: new Map(), twice: [] };
    } else if (name === 'END') {
      if (open.pop() !== value) return trouble(`END:${value}`);
      if (value === 'VEVENT' && begun) {
        if (events.length >= MOST_EVENTS) return trouble(`事件超过 ${MOST_EVENTS}`);
        events.push(begun);
        begun = undefined;
      }
      ended = open.length === 0;
    } else if (open.length === 0) return trouble('缺 BEGIN:VCALENDAR');
    else if (begun && open.at(-1) === 'VEVENT') {
      if (begun.properties.has(name)) begun.twice.push(name);
      begun.properties.set(name, property);
    }
  }
  return ended ? { events } : { events, trouble: { line: 0, what: `缺 END:${open.at(-1) ?? 'VCALENDAR'}` } };
}

/** A line that begins with a space or a tab goes on with the one before (section 3.1). Empty lines at the end count for nothing. */
function* unfold(text: string): Generator<{ readonly line: number; readonly content: string }> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  while (lines.at(-1) === '') lines.pop();
  let [start, parts]: [number, string[]] = [0, []];
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^[ \t]/.test(line)) {
      parts.push(line.slice(1));
      continue;
    }
    if (parts.length > 0) yield { line: start, content: parts.join('') };
    [start, parts] = [index + 1, [line]];
  }
  if (parts.length > 0) yield { line: start, content: parts.join('') };
}

/** `NAME;PARAMETER=value;…:value`; a value in quotes may hold what divides. */
function readProperty(content: string, line: number): (IcalProperty & { readonly name: string }) | undefined {
  const head = /^[A-Za-z0-9-]+/.exec(content)?.[0];
  if (!head) return undefined;
  const parameters = new Map<string, string>();
  let at = head.length;
  while (content[at] === ';') {
    const parameter = /;([A-Za-z0-9-]+)=("[^"]*"|[^";:,]*)((?:,(?:"[^"]*"|[^";:,]*))*)/y;
    parameter.lastIndex = at;
    const found = parameter.exec(content);
    if (!found) return undefined;
    parameters.set((found[1] ?? '').toUpperCase(), (found[2] ?? '').replaceAll('"', ''));
    at = parameter.lastIndex;
  }
  if (content[at] !== ':') return undefined;
  return { name: head.toUpperCase(), value: content.slice(at + 1), parameters, line };
}
