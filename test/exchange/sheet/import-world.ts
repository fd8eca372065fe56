/** Sheets of licences as departments hand them in, and what becomes of them. */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { workThroughImports, writeAnswered } from '../../../exchange/sheet/index.ts';
import type { Caller, House } from '../../../models/house.ts';
import {
  getImport,
  importOrderSchema,
  listImportRows,
  openImport,
  readImport,
  receiveFile,
} from '../../../models/import/index.ts';
import { COMPANY, clerk, ENTRY } from '../../world/sample-entry.ts';
import { makeCsv } from './make-sheets.ts';

export const HEADINGS = [
  '持证主体名称*',
  '持证主体代码*',
  '证照编号',
  '工程名称*',
  '建设地址',
  '开工日期',
  '工程类别',
  '办件编号',
  '办结时间',
];

export const numberOf = (nth: number) => `施字第2026${String(nth).padStart(6, '0')}号`;

/** A row that is right in every point. */
export const rowOf = (nth: number, more: Readonly<Record<number, string>> = {}): string[] => {
  const row = [
    '样例建设有限公司',
    COMPANY,
    numberOf(nth),
    `样例花园${nth}期`,
    '样例市样例路1号',
    '2026/3/2',
    '房屋建筑',
    `表-${nth}`,
    '2026-03-01 10:00',
  ];
  for (const [place, cell] of Object.entries(more)) row[Number(place)] = cell;
  return row;
};

export const sheetOf = (rows: readonly (readonly string[])[], headings: readonly string[] = HEADINGS) =>
  makeCsv([headings, ...rows]);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

export function handIn(house: House, bytes: Uint8Array, name = 'sheet', mostBytes = 100_000_000) {
  return receiveFile(house, inPieces(bytes), { name, mostBytes });
}

export const APPLY = { mode: 'apply', way: 'offline', reason: '乡镇无网络' } as const;

export async function order(house: House, bytes: Uint8Array, wishes: object = {}, by: Caller = clerk) {
  const input = importOrderSchema.parse({ catalogueCode: ENTRY.code, ...wishes });
  return openImport(house, by, input, await handIn(house, bytes));
}

/** Handed in and gone through to the end. */
export async function importSheet(house: House, bytes: Uint8Array, wishes: object = APPLY, by: Caller = clerk) {
  const { importId } = await order(house, bytes, wishes, by);
  await workThroughImports(house);
  return readImport(house, by, importId);
}

/** `row outcome` and its faults. */
export async function becameOf(house: House, importId: string): Promise<string[]> {
  const { items } = await listImportRows(house, clerk, importId, { limit: 200 });
  return items.map(({ row, outcome, faults }) =>
    [`${row} ${outcome}`, ...faults.map(({ pointer, code }) => `${pointer} ${code}`)].join(' | '),
  );
}

export async function answeredCopy(house: House, importId: string): Promise<Uint8Array> {
  const to = new PassThrough();
  const bytes = buffer(to);
  await writeAnswered(house, await getImport(house, clerk, importId), to);
  return new Uint8Array(await bytes);
}
