/** Read a filled sheet, xlsx or CSV: headings are matched by their words in any order, every fault is named by row and
 *  heading, and what could be read is given back all the same so that upper rules judge it too. */
import { bytesToRead, type FileToRead } from '../../models/import/index.ts';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { escapePointer, hasControlCharacter } from '../../models/kernel/plain-text.ts';
import { readCsv } from './read-csv.ts';
import { readXlsx, type SheetBounds, type SheetLine } from './read-xlsx.ts';
import {
  choicesOf,
  HINT_MARK,
  MOST_BYTES,
  MOST_ROWS,
  REQUIRED_MARK,
  type SheetColumn,
  type SheetKind,
} from './sheet-kind.ts';

export interface SheetRow {
  /** As the spreadsheet numbers it. */
  readonly row: number;
  /** By column pointer; empty cells are absent, chosen words stand as what they mean. */
  readonly values: ReadonlyMap<string, string | boolean>;
}

export interface ReadSheet {
  readonly rows: readonly SheetRow[];
  readonly faults: readonly PointedFault[];
}

/** Beyond the known columns a few may be there to be named as unknown. */
const MOST_COLUMNS = 100;
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Throws `REQUEST_TOO_LARGE`, `FILE_NOT_WHAT_IT_SAYS`, and the faults of the headings, without which no row can be read. */
export async function readSheet(bytes: Uint8Array, kind: SheetKind): Promise<ReadSheet> {
  if (bytes.length > MOST_BYTES) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${MOST_BYTES} bytes` });
  // Headings and hints come on top of what people fill in.
  const most = { rows: MOST_ROWS + 2, columns: MOST_COLUMNS, bytes: MOST_UNPACKED_BYTES };
  let columns: readonly SheetColumn[] | undefined;
  const rows: SheetRow[] = [];
  const faults: PointedFault[] = [];
  for await (const line of readLines(bytesToRead(bytes), most)) {
    if (!columns) columns = matchHeadings(kind, line);
    else if (!isHint(line)) rows.push({ row: line.row, values: readCells(line, columns, faults) });
  }
  if (!columns) matchHeadings(kind, undefined);
  if (rows.length > MOST_ROWS) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${MOST_ROWS} 行` });
  if (rows.length === 0) faults.push({ pointer: '/rows', code: 'FIELD_REQUIRED' });
  return { rows, faults };
}

/** An explanation, which is not read. */
export function isHint({ cells }: SheetLine): boolean {
  return cells[0]?.startsWith(HINT_MARK) === true;
}

/** What stands in the cells of a line, by the pointers of their columns; what cannot be read is among the faults. */
export function readCells(
  line: SheetLine,
  columns: readonly SheetColumn[],
  faults: PointedFault[],
): Map<string, string | boolean> {
  const values = new Map<string, string | boolean>();
  for (const [index, column] of columns.entries())
    faults.push(...readCell(line, column, line.cells[index] ?? '', values));
  for (let index = columns.length; index < line.cells.length; index += 1) {
    if (line.cells[index])
      faults.push({ pointer: pointerTo(line.row, ''), code: 'FIELD_UNKNOWN', detail: `第${index + 1}列` });
  }
  return values;
}

/** The place of a fault: the row as the spreadsheet numbers it, and the heading. */
export function pointerTo(row: number, heading: string): string {
  return `/rows/${row}${heading ? `/${escapePointer(heading)}` : ''}`;
}

/** The lines of a sheet, xlsx or CSV, that have something in them. Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function* readLines(file: FileToRead, most: SheetBounds): AsyncGenerator<SheetLine> {
  const format = await formatOf(file);
  yield* format === 'xlsx' ? readXlsx(file, most) : readCsv(file, most);
}

/** By its first bytes. Throws `FILE_NOT_WHAT_IT_SAYS` for the format before xlsx. */
export async function formatOf(file: FileToRead): Promise<'xlsx' | 'csv'> {
  const [first, second] = await file.read(0, 2);
  if (first === 0xd0 && second === 0xcf) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'xls → xlsx' });
  return first === 0x50 && second === 0x4b ? 'xlsx' : 'csv';
}

/** The columns of a sheet in the order in which they stand in it. Throws the faults of the headings. */
export function matchHeadings(kind: SheetKind, line: SheetLine | undefined): readonly SheetColumn[] {
  const faults: PointedFault[] = [];
  const found: SheetColumn[] = [];
  const row = line?.row ?? 1;
  for (const cell of line?.cells ?? []) {
    const heading = cell.replaceAll(REQUIRED_MARK, '').trim();
    const column = kind.columns.find((one) => one.heading === heading);
    if (!column) faults.push({ pointer: pointerTo(row, heading.slice(0, 60)), code: 'FIELD_UNKNOWN' });
    else if (found.includes(column)) faults.push({ pointer: pointerTo(row, heading), code: 'ALREADY_EXISTS' });
    else found.push(column);
  }
  for (const column of kind.columns) {
    if (column.required && !found.includes(column)) {
      faults.push({ pointer: pointerTo(row, column.heading), code: 'FIELD_REQUIRED' });
    }
  }
  if (faults.length > 0) throw new Fault('REQUEST_INVALID', { errors: faults });
  return found;
}

function readCell(
  { row }: SheetLine,
  column: SheetColumn,
  text: string,
  values: Map<string, string | boolean>,
): PointedFault[] {
  const pointer = pointerTo(row, column.heading);
  if (column.ignored) return [];
  if (text === '') return column.required ? [{ pointer, code: 'FIELD_REQUIRED' }] : [];
  if (!column.judgedLater && (text.includes('\n') || hasControlCharacter(text)))
    return [{ pointer, code: 'CONTROL_CHARACTER' }];
  if (!column.codes) {
    values.set(column.pointer, column.normalise?.(text) ?? text);
    return [];
  }
  const code = Object.hasOwn(column.codes, text) ? column.codes[text] : undefined;
  if (code === undefined) return [{ pointer, code: 'FIELD_NOT_IN_CODE_LIST', detail: choicesOf(column).join('、') }];
  values.set(column.pointer, code);
  return [];
}
