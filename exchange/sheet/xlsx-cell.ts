/** What a cell of a worksheet shows, as text. */

export interface WrittenCell {
  /** `t` of ISO/IEC 29500 §18.18.11: n, s, str, inlineStr, b, e, d. */
  readonly type: string;
  readonly style: number;
  value: string | undefined;
}

export interface CellContext {
  readonly sharedTexts: readonly string[];
  /** By style: does it show a number as a date? */
  readonly dateStyles: readonly boolean[];
  /** Days are counted from 1904 and not from 1900. */
  readonly since1904: boolean;
}

export function cellText({ type, style, value }: WrittenCell, context: CellContext): string {
  if (value === undefined) return '';
  switch (type) {
    case 's':
      return context.sharedTexts[Number(value)] ?? '';
    case 'str':
    case 'inlineStr':
    case 'e':
    case 'd':
      return value;
    case 'b':
      return value === '1' ? 'true' : 'false';
    default:
      return context.dateStyles[style] ? dateText(Number(value), context.since1904) : numberText(value);
  }
}

/** 41990000008461 and not 4.1990000008461E13. */
function numberText(value: string): string {
  const number = Number(value);
  return Number.isNaN(number) ? value : String(number);
}

const DAY_MS = 86_400_000;
const FIRST_DAY = { since1900: Date.UTC(1899, 11, 30), since1904: Date.UTC(1904, 0, 1) };

/** A worksheet's dates have no zone; the time is written only where there is one. */
function dateText(days: number, since1904: boolean): string {
  const first = since1904 ? FIRST_DAY.since1904 : FIRST_DAY.since1900;
  const date = new Date(first + Math.round(days * DAY_MS));
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

/** The column of a place such as `AB12`, 0 for A. Undefined for what no worksheet has. */
export function columnOf(place: string): number | undefined {
  const [, letters = '', row = ''] = /^([A-Z]{1,3})(\d{1,7})$/.exec(place) ?? [];
  if (!letters || Number(row) > 1_048_576) return undefined;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return column < 16_384 ? column : undefined;
}

/** `A` for 0. */
export function lettersOf(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? lettersOf(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}
