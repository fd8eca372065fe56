/** A CSV file (RFC 4180) as lines of text, in UTF-8 with or without a mark, or in GB 18030 as spreadsheets in China save it. */
import { parse } from 'csv-parse/sync';
import { Fault } from '../../models/kernel/fault.ts';
import type { SheetLine } from './read-xlsx.ts';

const MOST_LINE_CHARACTERS = 100_000;

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export function readCsv(bytes: Uint8Array, most: { readonly rows: number; readonly columns: number }): SheetLine[] {
  const records = parseText(decode(bytes), most.rows);
  const lines = records.flatMap((record, index): SheetLine[] => {
    const cells = record.slice(0, most.columns).map((cell) => cell.trim());
    return cells.some((cell) => cell !== '') ? [{ row: index + 1, cells }] : [];
  });
  if (lines.length > most.rows) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${most.rows} 行` });
  return lines;
}

function parseText(text: string, mostRows: number): string[][] {
  try {
    // Empty lines count as rows too, so a file of nothing but line feeds is cut off.
    const to = mostRows * 2;
    return parse(text, {
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: MOST_LINE_CHARACTERS,
      to,
    });
  } catch (cause) {
    throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'csv', cause });
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'csv' });
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this encoding: the next is tried.
    }
  }
  throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'UTF-8, GB 18030' });
}
