/** The first worksheet of a workbook as lines of text: numbers, dates, formulas and rich text by what they show. */
import ExcelJS from 'exceljs';
import { Fault } from '../../models/kernel/fault.ts';
import { checkXlsx } from './check-xlsx.ts';

/** Parts that only dress a sheet; some would be spread over millions of cells. */
const NOT_READ = [
  'dataValidations',
  'mergeCells',
  'conditionalFormatting',
  'hyperlinks',
  'cols',
  'autoFilter',
  'drawing',
];
const NOT_READ_EITHER = ['legacyDrawing', 'picture', 'tableParts', 'extLst', 'sheetViews', 'rowBreaks', 'colBreaks'];

/** A line of a sheet and where it stood, 1 for the first. */
export interface SheetLine {
  readonly row: number;
  readonly cells: readonly string[];
}

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function readXlsx(
  bytes: Uint8Array,
  most: { readonly rows: number; readonly columns: number },
): Promise<SheetLine[]> {
  checkXlsx(bytes);
  const workbook = new ExcelJS.Workbook();
  const copy = bytes.slice().buffer;
  await workbook.xlsx.load(copy, { ignoreNodes: [...NOT_READ, ...NOT_READ_EITHER] }).catch((cause: unknown) => {
    throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'xlsx', cause });
  });
  const sheet = workbook.worksheets[0];
  if (!sheet) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'xlsx' });
  const lines: SheetLine[] = [];
  sheet.eachRow((row, number) => {
    const cells: string[] = [];
    row.eachCell((cell, column) => {
      if (column <= most.columns) cells[column - 1] = toText(cell.value);
    });
    const filled = Array.from(cells, (cell) => (cell ?? '').trim());
    if (filled.some((cell) => cell !== '')) lines.push({ row: number, cells: filled });
    if (lines.length > most.rows) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${most.rows} 行` });
  });
  return lines;
}

function toText(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value !== 'object') return String(value);
  if ('richText' in value) return value.richText.map(({ text }) => text).join('');
  if ('result' in value || 'formula' in value || 'sharedFormula' in value) return toText(value.result);
  if ('text' in value) return toText(value.text as ExcelJS.CellValue);
  return 'error' in value ? value.error : '';
}

/** A worksheet's dates have no zone; the time is written only where there is one. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}
