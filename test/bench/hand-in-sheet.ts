/** A large sheet of licences, handed in as a department does. */

import type { House } from '../../models/house.ts';
import { importOrderSchema, openImport, readImport, receiveFile } from '../../models/import/index.ts';
import { COMPANY, clerk } from '../world/sample-entry.ts';
import { BENCH_ENTRY } from './exchange-world.ts';

const HEADINGS = ['持证主体名称*', '持证主体代码*', '证照编号*', '工程名称*', '办件编号', '办结时间'];
const MOST_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
/** Numbers of the sheet's licences begin here. */
const FIRST_NUMBER = 5_000_000_000;

/** Its import, which waits for a worker. */
export async function handInSheet(house: House, rows: number): Promise<string> {
  const lines = [HEADINGS.join(',')];
  for (let row = 0; row < rows; row += 1) {
    lines.push(
      [
        '样例建设有限公司',
        COMPANY,
        `施字第${FIRST_NUMBER + row}号`,
        `样例花园第${row}期`,
        `表-${row}`,
        '2026-03-01 10:00',
      ].join(','),
    );
  }
  const bytes = Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
  const file = await receiveFile(house, inPieces(bytes), { name: 'sheet.csv', mostBytes: MOST_BYTES });
  const order = { catalogueCode: BENCH_ENTRY.code, mode: 'apply', way: 'offline', reason: '乡镇无网络' };
  const { importId } = await openImport(house, clerk, importOrderSchema.parse(order), file);
  return importId;
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** @throws Error unless every row became a licence */
export async function requireImported(house: House, importId: string, rows: number): Promise<void> {
  const { state, rows: counts } = await readImport(house, clerk, importId);
  if (state !== 'done' || counts.accepted !== rows)
    throw new Error(`the import is ${state}; of ${rows} rows ${JSON.stringify(counts)}`);
}
