/** Real sheets made in the test: as Excel stores them, and as CSV in the encodings that are met. */
import { deflateRawSync } from 'node:zlib';
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

/** A ZIP of these files; no checksums, because nobody looks at them here. */
export function zipOf(
  files: Readonly<Record<string, Uint8Array>>,
  { method = 8, entries = Object.keys(files).length } = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const named = Buffer.from(name);
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(named.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x800, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(named.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, named, packed);
    list.push(central, named);
    at += 30 + named.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...list, end]));
}
