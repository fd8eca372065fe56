/** A copy of a sheet that was handed in, with what became of each row and what is wrong with it beside it; in the format it came in.
 *  Written line by line, whatever its length. Mended, it can be handed in again. */
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import type { House } from '../../models/house.ts';
import { getPart, type ImportColumns, type ImportRowColumns } from '../../models/import/index.ts';
import { describeFault, Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { readRows } from '../../models/store/index.ts';
import { ANSWER_HEADINGS } from './licence-kind.ts';
import type { SheetLine } from './read-xlsx.ts';
import { lettersOf } from './xlsx-cell.ts';

const OUTCOMES = { accepted: '通过', there: '已存在，未重复入库', refused: '退回' } as const;
const CHECKED = '检查通过';

/** Throws `STATE_CONFLICT` before the sheet has been read, `FILE_MISSING` when it is no longer kept. */
export function requireAnswer({ headings, state }: ImportColumns): void {
  if (headings === null) throw new Fault(state === 'reading' ? 'STATE_CONFLICT' : 'FILE_MISSING', { detail: state });
}

export async function writeAnswered(house: House, work: ImportColumns, to: Writable): Promise<void> {
  if (work.format === 'xlsx') await writeXlsx(house, work, to);
  else await writeCsv(house, work, to);
}

/** Line after line as they stood, the answers last. */
async function* answeredLines(house: House, work: ImportColumns): AsyncGenerator<readonly string[]> {
  const own = Object.values<string>(ANSWER_HEADINGS);
  const headings = work.headings?.cells ?? [];
  // Answers of an earlier copy give way to the new ones.
  const kept = headings.flatMap((heading, index) => (own.includes(heading) ? [] : [index]));
  const pick = (cells: readonly string[]) => kept.map((index) => cells[index] ?? '');
  yield [...pick(headings), ...own];
  const columnOf = new Map(
    kept.map((index, place) => [(headings[index] ?? '').replaceAll('*', '').trim(), lettersOf(place)]),
  );
  for (let place = 0; ; place += 1) {
    const plain = await getPart(house, work.id, place);
    if (plain === undefined) return;
    const lines = JSON.parse(plain) as readonly SheetLine[];
    const sheetRows = lines.map(({ row }) => row);
    const rows = await readRows(house.db.rows.importRows, { where: { importId: work.id, sheetRow: sheetRows } });
    const answers = new Map(rows.map((row) => [row.sheetRow, row]));
    for (const { row, cells } of lines) yield [...pick(cells), ...wordsOf(work, answers.get(row), columnOf)];
  }
}

function wordsOf(
  { mode }: ImportColumns,
  row: ImportRowColumns | undefined,
  columnOf: ReadonlyMap<string, string>,
): readonly [string, string] {
  if (!row) return ['', ''];
  const outcome = row.outcome === 'accepted' && mode === 'dry-run' ? CHECKED : OUTCOMES[row.outcome];
  return [outcome, (row.faults ?? []).map((fault) => wordOf(fault, columnOf)).join('；')];
}

/** Where it lies, then what it is. */
function wordOf(fault: PointedFault, columnOf: ReadonlyMap<string, string>): string {
  const heading = (fault.pointer.split('/')[3] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  const column = columnOf.get(heading);
  const place = heading ? `${column ? `${column}列 ` : ''}${heading}：` : '';
  return `${place}${describeFault(fault).zh}`;
}

/** Texts stay texts: no cell is a formula. */
async function writeXlsx(house: House, work: ImportColumns, to: Writable): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: to, useSharedStrings: false, useStyles: true });
  const sheet = workbook.addWorksheet('Sheet1', { views: [{ state: 'frozen', ySplit: 1 }] });
  let isFirst = true;
  for await (const cells of answeredLines(house, work)) {
    const row = sheet.addRow([...cells]);
    if (isFirst) row.font = { bold: true };
    isFirst = false;
    row.commit();
  }
  sheet.commit();
  await workbook.commit();
}

const LINES_A_WRITE = 200;

async function writeCsv(house: House, work: ImportColumns, to: Writable): Promise<void> {
  to.write('\ufeff');
  let lines: (readonly string[])[] = [];
  const flush = async () => {
    const more = to.write(stringify(lines, { record_delimiter: '\r\n' }));
    lines = [];
    if (!more) await new Promise<void>((resolve) => to.once('drain', resolve).once('close', resolve));
  };
  for await (const cells of answeredLines(house, work)) {
    lines.push(cells.map(withoutFormula));
    if (lines.length === LINES_A_WRITE) await flush();
    if (to.destroyed) return;
  }
  await flush();
  to.end();
  await finished(to).catch(() => undefined);
}

/** What a spreadsheet would take for a formula begins with an apostrophe; reading takes it away again. */
function withoutFormula(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
