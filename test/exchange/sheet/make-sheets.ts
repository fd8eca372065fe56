/** Real sheets made in the test: as Excel stores them, and as CSV in the encodings that are met. */
import ExcelJS from 'exceljs';

export type Cell = ExcelJS.CellValue;

export async function makeXlsx(lines: readonly (readonly Cell[])[]): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Sheet1');
  for (const line of lines) sheet.addRow([...line]);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

export function makeCsv(lines: readonly (readonly string[])[]): Uint8Array {
  const quote = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return new TextEncoder().encode(lines.map((line) => line.map(quote).join(',')).join('\r\n'));
}

/** The lines of the first worksheet as text. */
export async function readBack(bytes: Uint8Array): Promise<string[][]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes.slice().buffer);
  const lines: string[][] = [];
  workbook.worksheets[0]?.eachRow((row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell) => cells.push(cell.text));
    lines.push(cells);
  });
  return lines;
}
