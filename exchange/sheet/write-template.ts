/** The empty sheet that is handed out: headings, a row of hints, lists to choose from. All cells are text, so that an 18-digit code
 *  stays what was typed. */
import ExcelJS from 'exceljs';
import { HINT_MARK, MOST_ROWS, REQUIRED_MARK, type SheetKind } from './sheet-kind.ts';

const TEXT = '@';
const HEADING_FILL = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8EEF7' } } as const;
const HINT_COLOUR = { argb: 'FF7A7A7A' };
const FIRST_FILLED_ROW = 3;

/** Lists for a whole range, which the library has but does not declare; cell by cell takes a second. */
interface Validated {
  readonly dataValidations: { add(range: string, choice: ExcelJS.DataValidation): void };
}

export async function writeTemplate(kind: SheetKind): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet(kind.name, { views: [{ state: 'frozen', ySplit: 2 }] });
  sheet.columns = kind.columns.map(({ heading, required, width }) => ({
    header: required ? `${heading}${REQUIRED_MARK}` : heading,
    width,
    style: { numFmt: TEXT },
  }));
  const headings = sheet.getRow(1);
  headings.eachCell((cell) => {
    cell.font = { bold: true };
    cell.fill = HEADING_FILL;
    cell.alignment = { horizontal: 'center', vertical: 'middle' };
  });
  const hints = sheet.getRow(2);
  hints.values = kind.columns.map(({ hint }, index) => (index === 0 ? `${HINT_MARK}${hint}` : hint));
  hints.eachCell((cell) => {
    cell.font = { italic: true, color: HINT_COLOUR };
    cell.alignment = { wrapText: true, vertical: 'top' };
  });
  addLists(sheet, kind);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function addLists(sheet: ExcelJS.Worksheet, kind: SheetKind): void {
  for (const [index, { heading, codes, required }] of kind.columns.entries()) {
    if (!codes) continue;
    const choice: ExcelJS.DataValidation = {
      type: 'list',
      allowBlank: !required,
      formulae: [`"${Object.keys(codes).join(',')}"`],
      showErrorMessage: true,
      errorTitle: heading,
      error: '请从列表中选择',
    };
    const column = sheet.getColumn(index + 1).letter;
    const last = FIRST_FILLED_ROW + MOST_ROWS - 1;
    (sheet as unknown as Validated).dataValidations.add(`${column}${FIRST_FILLED_ROW}:${column}${last}`, choice);
  }
}
