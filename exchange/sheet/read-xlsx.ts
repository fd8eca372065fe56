/** The first worksheet of a workbook (ISO/IEC 29500) as lines of text, one after another: numbers, dates, formulas and rich text
 *  by what they show. Only the texts that cells share are held, and those within bounds. */
import type { FileToRead } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { readBook } from './xlsx-book.ts';
import { cellText, columnOf, type WrittenCell } from './xlsx-cell.ts';
import { eachElement } from './xml-elements.ts';
import { listZip, unpackEntry } from './zip-file.ts';

/** A line of a sheet and where it stood, 1 for the first. */
export interface SheetLine {
  readonly row: number;
  readonly cells: readonly string[];
}

export interface SheetBounds {
  /** Lines with something in them. */
  readonly rows: number;
  readonly columns: number;
  /** Unpacked, all parts together. */
  readonly bytes: number;
}

const KIND = 'xlsx';
const MOST_ENTRIES = 200;
/** No worksheet has more. */
const LAST_ROW = 1_048_576;

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function* readXlsx(file: FileToRead, most: SheetBounds): AsyncGenerator<SheetLine> {
  const bounds = { mostEntries: MOST_ENTRIES, mostBytes: most.bytes };
  const entries = await listZip(file, KIND, bounds);
  let left = most.bytes;
  const open = async function* (name: string): AsyncGenerator<Uint8Array> {
    const entry = entries.find((one) => one.name === name);
    if (!entry) throw refuse();
    for await (const piece of unpackEntry(file, entry, KIND, left)) {
      left -= piece.length;
      yield piece;
    }
  };
  const has = (name: string) => entries.some((one) => one.name === name);
  const book = await readBook({ open, has });
  let count = 0;
  for await (const line of readSheetRows(open(book.sheet), most)) {
    const cells = line.cells.map((cell) => cellText(cell, book).trim());
    if (!cells.some((cell) => cell !== '')) continue;
    count += 1;
    if (count > most.rows) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${most.rows} 行` });
    yield { row: line.row, cells };
  }
}

const refuse = () => new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: KIND });

interface WrittenRow {
  readonly row: number;
  readonly cells: readonly WrittenCell[];
}

async function* readSheetRows(bytes: AsyncIterable<Uint8Array>, most: SheetBounds): AsyncGenerator<WrittenRow> {
  let row = 0;
  let cells: WrittenCell[] = [];
  let cell: WrittenCell | undefined;
  for await (const { kind, name, attributes, text } of eachElement(bytes, KIND, ['v', 't'])) {
    if (kind === 'open' && name === 'row') {
      row = attributes.r === undefined ? row + 1 : Number(attributes.r);
      if (!(row >= 1 && row <= LAST_ROW)) throw refuse();
      cells = [];
    } else if (kind === 'open' && name === 'c') {
      const column = attributes.r === undefined ? cells.length : columnOf(attributes.r);
      if (column === undefined) throw refuse();
      cell = { type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), value: undefined };
      if (column < most.columns) {
        while (cells.length < column) cells.push(EMPTY);
        cells[column] = cell;
      }
    } else if (kind === 'text' && cell) {
      // `t` stands in texts written in place, several when they are dressed.
      cell.value = name === 't' ? (cell.value ?? '') + text : text;
    } else if (kind === 'close' && name === 'row') {
      yield { row, cells };
      cells = [];
      cell = undefined;
    }
  }
}

const EMPTY: WrittenCell = { type: 'n', style: 0, value: undefined };
