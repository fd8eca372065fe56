/** Files of licences that the department has sealed itself, as they lie in zk_file: listed without their bytes, small ones read
 *  together, large ones piece by piece. */
import { BrokenText, columnList, columnText, readColumn } from '../column-text.ts';
import type { FileRef, FrontEndRow, MachinePass } from '../profile.ts';
import { ROW_STATES } from './tables.ts';

const PIECE_BYTES = 2_000_000;
const OPEN = `state IN (${ROW_STATES.new}, ${ROW_STATES.claimed})`;

export interface FileRow {
  readonly rowId: number;
  readonly licenceKey: string;
  readonly format: string;
}

/** Unanswered, newest revision first. */
export async function listFileRows({ connection }: MachinePass, licenceKeys: readonly string[]): Promise<FileRow[]> {
  if (licenceKeys.length === 0) return [];
  const rows = await connection.query(
    `SELECT row_id, ${columnList(connection.dialect, ['licence_key', 'format'])} FROM zk_file
     WHERE licence_key IN (${licenceKeys.map(() => '?').join(', ')}) AND ${OPEN} ORDER BY revision DESC, row_id DESC`,
    licenceKeys,
  );
  return rows.map((row) => ({
    rowId: Number(row.row_id),
    licenceKey: columnText(row.licence_key),
    format: columnText(row.format).trim(),
  }));
}

/** Of each format the newest revision. */
export async function listFiles(
  pass: MachinePass,
  rows: readonly FrontEndRow[],
): Promise<ReadonlyMap<string, readonly FileRef[]>> {
  const { connection } = pass;
  const keys = [...new Set(rows.filter(({ sealed }) => sealed).map(({ businessKey }) => businessKey))];
  if (keys.length === 0) return new Map();
  const found = await connection.query(
    `SELECT row_id, ${columnList(connection.dialect, ['licence_key', 'format', 'sm3'])}, COALESCE(LENGTH(content), 0) AS size
     FROM zk_file WHERE licence_key IN (${keys.map(() => '?').join(', ')}) AND ${OPEN} ORDER BY revision DESC, row_id DESC`,
    keys,
  );
  const files = new Map<string, FileRef[]>();
  for (const row of found) {
    const format = columnText(row.format).trim();
    const list = files.get(columnText(row.licence_key)) ?? [];
    if (list.some((file) => file.format === format)) continue;
    const sm3 = readColumn(row.sm3);
    const stated = sm3 instanceof BrokenText ? columnText(row.sm3) : sm3;
    list.push({ at: Number(row.row_id), format, sizeBytes: Number(row.size), sm3: stated ? String(stated) : null });
    files.set(columnText(row.licence_key), list);
  }
  return files;
}

export async function readFiles({ connection }: MachinePass, files: readonly FileRef[]): Promise<Uint8Array[]> {
  if (files.length === 0) return [];
  const rows = await connection.query(
    `SELECT row_id, ${connection.dialect === 'mysql' ? 'content' : 'CAST(content AS BLOB) AS content'} FROM zk_file
     WHERE row_id IN (${files.map(({ at }) => Number(at)).join(', ')})`,
  );
  const bytes = new Map(rows.map((row) => [Number(row.row_id), row.content]));
  return files.map(({ at }) => {
    const content = bytes.get(Number(at));
    return content instanceof Uint8Array ? content : new Uint8Array();
  });
}

/** In order, until the end; a file that shrinks meanwhile just ends. */
export async function* streamFile({ connection }: MachinePass, file: FileRef): AsyncIterable<Uint8Array> {
  const piece = connection.dialect === 'mysql' ? 'SUBSTRING(content, ?, ?)' : 'substr(CAST(content AS BLOB), ?, ?)';
  for (let from = 0; from < file.sizeBytes; from += PIECE_BYTES) {
    const [row] = await connection.query(`SELECT ${piece} AS piece FROM zk_file WHERE row_id = ?`, [
      from + 1,
      Math.min(PIECE_BYTES, file.sizeBytes - from),
      Number(file.at),
    ]);
    if (!(row?.piece instanceof Uint8Array) || row.piece.length === 0) return;
    yield row.piece;
  }
}
