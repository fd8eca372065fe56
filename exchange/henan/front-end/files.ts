/** The file of a licence lies in its row, base64: listed without its bytes, small ones read together, large ones piece by piece. */

import { columnText } from '../../front-end/column-text.ts';
import type { SqlValue } from '../../front-end/connection.ts';
import type { FileRef, FrontEndRow, MachinePass } from '../../front-end/profile.ts';
import { readFileType } from '../code-lists.ts';
import { marksOf } from '../marks.ts';
import { decodeBase64, decodePieces } from './decode-base64.ts';
import { asHenanRow } from './henan-row.ts';

/** A multiple of four, so that a piece of base64 without line breaks is whole. */
const PIECE_BYTES = 4_000_000;

export async function listFiles(
  _pass: MachinePass,
  rows: readonly FrontEndRow[],
): Promise<ReadonlyMap<string, readonly FileRef[]>> {
  const files = new Map<string, readonly FileRef[]>();
  for (const row of rows) {
    const { physical, businessKey, sealed } = asHenanRow(row);
    if (!sealed || !physical.file) continue;
    const format = readFileType(physical.text.file_type?.trim() ?? '') ?? '';
    const sizeBytes = Math.ceil((physical.file.length * 3) / 4);
    files.set(businessKey, [{ format, sizeBytes, sm3: null, at: physical.key }]);
  }
  return files;
}

export async function readFiles({ connection }: MachinePass, files: readonly FileRef[]): Promise<Uint8Array[]> {
  if (files.length === 0) return [];
  const blob = connection.dialect === 'mysql' ? 'BINARY' : 'BLOB';
  const rows = await connection.query(
    `SELECT CAST(license_file_number AS ${blob}) AS name, CAST(license_file AS ${blob}) AS content FROM hn_license_sync
     WHERE license_file_number IN (${marksOf(files)})`,
    files.map(({ at }): SqlValue => String(at)),
  );
  const contents = new Map(rows.map((row) => [columnText(row.name), row.content]));
  return files.map(({ at }) => {
    const content = contents.get(String(at));
    return content instanceof Uint8Array ? decodeBase64(content) : new Uint8Array();
  });
}

export function streamFile(pass: MachinePass, file: FileRef): AsyncIterable<Uint8Array> {
  return decodePieces(readPieces(pass, String(file.at)));
}

async function* readPieces({ connection }: MachinePass, key: string): AsyncGenerator<Uint8Array> {
  const piece =
    connection.dialect === 'mysql'
      ? 'SUBSTRING(CAST(license_file AS BINARY), ?, ?)'
      : 'substr(CAST(license_file AS BLOB), ?, ?)';
  for (let from = 0; ; from += PIECE_BYTES) {
    const [row] = await connection.query(
      `SELECT ${piece} AS piece FROM hn_license_sync WHERE license_file_number = ?`,
      [from + 1, PIECE_BYTES, key],
    );
    if (!(row?.piece instanceof Uint8Array) || row.piece.length === 0) return;
    yield row.piece;
    if (row.piece.length < PIECE_BYTES) return;
  }
}
