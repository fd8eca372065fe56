/** A CSV file (RFC 4180) as lines of text, one after another, in UTF-8 with or without a mark, or in GB 18030 as spreadsheets in
 *  China save it. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { FileToRead } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { SheetBounds, SheetLine } from './read-xlsx.ts';

const MOST_LINE_CHARACTERS = 100_000;
const READ_BYTES = 256 * 1024;

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function* readCsv(file: FileToRead, most: SheetBounds): AsyncGenerator<SheetLine> {
  const encoding = await findEncoding(file);
  // Empty lines count as rows too, so a file of nothing but line feeds is cut off.
  const to = most.rows * 2;
  const parser = parse({
    ...{ relax_column_count: true, skip_empty_lines: false },
    ...{ max_record_size: MOST_LINE_CHARACTERS, to },
  });
  const source = Readable.from(decoded(file, encoding));
  source.once('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let row = 0;
  let count = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      row += 1;
      const cells = record.slice(0, most.columns).map((cell) => withoutGuard(cell.trim()));
      if (!cells.some((cell) => cell !== '')) continue;
      count += 1;
      if (count > most.rows) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${most.rows} 行` });
      yield { row, cells };
    }
  } catch (cause) {
    throw cause instanceof CsvError ? new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'csv', cause }) : cause;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

async function* pieces(file: FileToRead): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += READ_BYTES) yield await file.read(at, at + READ_BYTES);
}

async function* decoded(file: FileToRead, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const piece of pieces(file)) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

/** Read through once: whoever is not UTF-8 to the end is GB 18030, or nothing. */
async function findEncoding(file: FileToRead): Promise<string> {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      for await (const text of decoded(file, encoding)) {
        if (text.includes('\0')) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'csv' });
      }
      return encoding;
    } catch (error) {
      if (error instanceof Fault) throw error;
      // Not this encoding: the next is tried.
    }
  }
  throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'UTF-8, GB 18030' });
}

/** The apostrophe before what a spreadsheet would take for a formula is no part of the text. */
function withoutGuard(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}
