/** The empty sheet that is handed out: headings, a row of hints, an example, lists to choose from. All cells are text, so that
 *  an 18-digit code stays what was typed. */
import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import { choicesOf, HINT_MARK, MOST_ROWS, REQUIRED_MARK, type SheetColumn, type SheetKind } from './sheet-kind.ts';

const TEXT = '@';
const HEADING_FILL = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8EEF7' } } as const;
const HINT_COLOUR = { argb: 'FF7A7A7A' };
const EXAMPLE = '示例：';
/** Longer lists, and those with commas in them, stand on a sheet of their own. */
const MOST_INLINE_CHARACTERS = 255;
const LISTS = '代码表';

/** Lists for a whole range, which the library has but does not declare; cell by cell takes a second. */
interface Validated {
  readonly dataValidations: { add(range: string, choice: ExcelJS.DataValidation): void };
}

/** @param mostRows that may be filled in */
export async function writeTemplate(kind: SheetKind, mostRows = MOST_ROWS): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const rows = explain(kind);
  const sheet = workbook.addWorksheet(sheetName(kind.name), { views: [{ state: 'frozen', ySplit: 1 + rows.length }] });
  sheet.columns = kind.columns.map((column) => ({
    header: headingOf(column),
    width: column.width,
    style: { numFmt: TEXT },
  }));
  const headings = sheet.getRow(1);
  headings.eachCell((cell, place) => {
    cell.font = { bold: true };
    cell.fill = HEADING_FILL;
    cell.alignment = { horizontal: 'center', vertical: 'middle' };
    const hint = kind.columns[place - 1]?.hint;
    if (hint) cell.note = hint;
  });
  for (const [index, cells] of rows.entries()) {
    const row = sheet.getRow(2 + index);
    row.values = [...cells];
    row.eachCell((cell) => {
      cell.font = { italic: true, color: HINT_COLOUR };
      cell.alignment = { wrapText: true, vertical: 'top' };
    });
  }
  addLists(workbook, sheet, kind, { first: 2 + rows.length, last: 1 + rows.length + mostRows });
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

/** The same as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8. */
export function writeCsvTemplate(kind: SheetKind): Uint8Array {
  const lines = [kind.columns.map(headingOf), ...explain(kind)];
  return new TextEncoder().encode(`\ufeff${stringify(lines, { record_delimiter: '\r\n' })}`);
}

const headingOf = ({ heading, required }: SheetColumn) => (required ? `${heading}${REQUIRED_MARK}` : heading);

/** Rows that nobody reads back: hints, and where a kind has one, an example. */
function explain({ columns }: SheetKind): readonly (readonly string[])[] {
  const hints = columns.map(({ hint }, index) => (index === 0 ? `${HINT_MARK}${hint}` : hint));
  if (columns.every(({ example }) => example === undefined)) return [hints];
  return [
    hints,
    columns.map(({ example = '' }, index) => (index === 0 ? `${HINT_MARK}${EXAMPLE}${example}` : example)),
  ];
}

/** Characters that no worksheet's name holds. */
const sheetName = (name: string) => name.replaceAll(/[*?:\\/[\]]/g, ' ').slice(0, 31);

function addLists(
  workbook: ExcelJS.Workbook,
  sheet: ExcelJS.Worksheet,
  kind: SheetKind,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  let lists: ExcelJS.Worksheet | undefined;
  for (const [index, column] of kind.columns.entries()) {
    const words = choicesOf(column);
    if (words.length === 0) continue;
    const inline = `"${words.join(',')}"`;
    let formula = inline;
    if (inline.length > MOST_INLINE_CHARACTERS || words.some((word) => /[,"]/.test(word))) {
      lists ??= workbook.addWorksheet(LISTS);
      formula = writeList(lists, column.heading, words);
    }
    const letter = sheet.getColumn(index + 1).letter;
    (sheet as unknown as Validated).dataValidations.add(`${letter}${first}:${letter}${last}`, {
      type: 'list',
      allowBlank: !column.required,
      formulae: [formula],
      showErrorMessage: true,
      errorTitle: column.heading.slice(0, 32),
      error: '请从列表中选择',
    });
  }
}

/** The list as a column of its own; gives the reference to it. */
function writeList(sheet: ExcelJS.Worksheet, heading: string, words: readonly string[]): string {
  const place = sheet.actualColumnCount + 1;
  for (const [index, word] of [heading, ...words].entries()) sheet.getCell(1 + index, place).value = word;
  const { letter } = sheet.getColumn(place);
  return `${LISTS}!$${letter}$2:$${letter}$${1 + words.length}`;
}
