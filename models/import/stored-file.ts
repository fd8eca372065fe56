/** Files that are handed in to be worked with: taken in piece by piece, kept encrypted, read from any place. Never whole in memory. */
import { createHash } from 'node:crypto';
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';

export interface ReceivedFile {
  readonly id: string;
  readonly name: string;
  /** SM3, hex. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Bytes that can be read from any place. */
export interface FileToRead {
  readonly size: number;
  /** The bytes from `start` to before `end`, fewer at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array>;
}

const PART_BYTES = 256 * 1024;
const CONTEXT = 'import_parts.content';

/** Throws `REQUEST_TOO_LARGE` beyond `mostBytes`, `FILE_REQUIRED` for nothing; then nothing is kept of it. */
export async function receiveFile(
  house: House,
  chunks: AsyncIterable<Uint8Array>,
  { name, mostBytes }: { readonly name: string; readonly mostBytes: number },
): Promise<ReceivedFile> {
  const id = house.newId();
  const { importFiles } = house.db.rows;
  const row = { id, state: 'receiving' as const, name, digest: null, sizeBytes: 0, createdAt: house.clock() };
  await withTransaction(house.db, (tx) => importFiles.create(row, { transaction: tx }));
  try {
    const hash = createHash('sm3');
    let sizeBytes = 0;
    let place = 0;
    for await (const part of inParts(chunks)) {
      sizeBytes += part.length;
      if (sizeBytes > mostBytes) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${mostBytes} bytes` });
      hash.update(part);
      await putPart(house, id, place, part.toString('base64'));
      place += 1;
    }
    if (sizeBytes === 0) throw new Fault('FILE_REQUIRED');
    const digest = hash.digest('hex');
    const done = { state: 'received' as const, digest, sizeBytes };
    await withTransaction(house.db, (tx) => importFiles.update(done, { where: { id }, transaction: tx }));
    return { id, name, digest, sizeBytes };
  } catch (error) {
    await discardFile(house, id);
    throw error;
  }
}

/** Pieces of one size, however they arrive. */
async function* inParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < PART_BYTES) continue;
    const all = Buffer.concat(waiting);
    let at = 0;
    for (; all.length - at >= PART_BYTES; at += PART_BYTES) yield all.subarray(at, at + PART_BYTES);
    waiting = at < all.length ? [all.subarray(at)] : [];
    size = all.length - at;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Also of the lines of a sheet. Written again, it stays as it was. */
export async function putPart(house: House, ownerId: string, place: number, plain: string): Promise<void> {
  const row = { id: `${ownerId}:${place}`, ownerId, place, content: house.cipher.encrypt(CONTEXT, plain) };
  await withTransaction(house.db, (tx) =>
    house.db.rows.importParts.create(row, { transaction: tx, ignoreDuplicates: true }),
  );
}

export async function getPart(house: House, ownerId: string, place: number): Promise<string | undefined> {
  const row = await house.db.rows.importParts.findByPk(`${ownerId}:${place}`, { raw: true });
  return row ? house.cipher.decrypt(CONTEXT, row.content) : undefined;
}

/** Nothing is left of a file that no import keeps. */
export async function discardFile(house: House, id: string): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    const where = { id, state: { [Op.ne]: 'kept' as const } };
    const gone = await house.db.rows.importFiles.destroy({ where, transaction: tx });
    if (gone > 0) await house.db.rows.importParts.destroy({ where: { ownerId: id }, transaction: tx });
  });
}

/** The last parts stay at hand: files are read forwards, but for their ends. */
const PARTS_AT_HAND = 4;

export function openStoredFile(house: House, { id, sizeBytes }: Pick<ReceivedFile, 'id' | 'sizeBytes'>): FileToRead {
  const atHand = new Map<number, Buffer>();
  const partAt = async (place: number): Promise<Buffer> => {
    const known = atHand.get(place);
    if (known) return known;
    const plain = await getPart(house, id, place);
    if (plain === undefined) throw new Fault('FILE_MISSING');
    const part = Buffer.from(plain, 'base64');
    if (atHand.size >= PARTS_AT_HAND) atHand.delete(atHand.keys().next().value ?? 0);
    atHand.set(place, part);
    return part;
  };
  return {
    size: sizeBytes,
    async read(start, end) {
      const last = Math.min(end, sizeBytes);
      const pieces: Buffer[] = [];
      for (let at = Math.max(start, 0); at < last; ) {
        const place = Math.floor(at / PART_BYTES);
        const part = await partAt(place);
        const from = at - place * PART_BYTES;
        const piece = part.subarray(from, Math.min(part.length, last - place * PART_BYTES));
        if (piece.length === 0) throw new Fault('FILE_MISSING');
        pieces.push(piece);
        at += piece.length;
      }
      return Buffer.concat(pieces);
    },
  };
}

/** Bytes at hand, as a file. */
export function bytesToRead(bytes: Uint8Array): FileToRead {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(Math.max(start, 0), Math.max(end, 0)) };
}
