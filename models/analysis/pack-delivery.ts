/** Make the delivery from its prepared lines: one CSV a type, what it is and for whom, in a ZIP under the recipient's key. Written in
 *  pieces as it is made, in constant memory; an attempt that was broken off is begun again under another name and leaves nothing. */
import { createCipheriv, createHash } from 'node:crypto';
import { type StreamedFile, streamArchive, writeEnvelopeHead } from '../../signing/index.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type House, houseCaller } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { describeDelivery } from './describe-delivery.ts';
import { changeAnalysis, lockAnalysis, tellOfAnalysis, withMove } from './move-analysis.ts';
import { discardAttempts, getLines, getPiece, isWhole, type LinesPart, putPiece, sweepParts } from './parts.ts';
import type { AnalysisColumns } from './rows.ts';
import type { AnalysisTerms } from './terms.ts';

const PIECE_BYTES = 256 * 1024;

interface Packed {
  readonly packageId: string;
  readonly head: Uint8Array;
  readonly pieces: number;
  readonly sizeBytes: number;
  readonly digest: string;
}

export async function packDelivery(house: House, row: AnalysisColumns, terms: AnalysisTerms): Promise<void> {
  // Of two who pack at once, one finishes; the other neither takes its pieces away nor counts on its own.
  const isOpen = async (tx: Tx) => (await lockAnalysis(house, tx, row.number)).state === 'preparing';
  await discardAttempts(house, row.id, isOpen);
  const { packageId, head, pieces, sizeBytes, digest } = await writePieces(house, row, terms);
  await withTransaction(house.db, async (tx) => {
    const now = await lockAnalysis(house, tx, row.number);
    if (now.state !== 'preparing') return;
    const caller = houseCaller(row.number);
    if (!(await isWhole(house, tx, packageId, pieces))) return;
    await putPiece(house, tx, { analysisId: row.id, packageId, place: 0 }, Buffer.from(head));
    const made = { packageId, packageParts: pieces + 1, sizeBytes, digest };
    const move = withMove(now, caller, 'ready', house.clock());
    await tellOfAnalysis(house, tx, 'analysis.ready', await changeAnalysis(house, tx, now, { ...made, ...move }));
    const details = { number: row.number, rows: row.rowCounts, sm3: digest, sizeBytes };
    await appendAudit(house, tx, caller, { act: 'analysis.prepare', purpose: row.application.purpose, details });
  });
  await sweepParts(house);
}

/** The head is known when all else is written; the digest needs it first, so the pieces are read once more. */
async function writePieces(house: House, row: AnalysisColumns, terms: AnalysisTerms): Promise<Packed> {
  const packageId = house.newId();
  const [key, iv] = [house.random(16), house.random(16)];
  let length = 0;
  let place = 0;
  for await (const bytes of inPieces(encrypted(streamArchive(filesOf(house, row, terms)), key, iv))) {
    place += 1;
    length += bytes.length;
    const piece = { analysisId: row.id, packageId, place };
    await withTransaction(house.db, (tx) => putPiece(house, tx, piece, bytes));
  }
  const certificate = Buffer.from(row.application.certificate, 'base64');
  const head = writeEnvelopeHead({ certificate, key, iv, length, random: house.random });
  const hash = createHash('sm3').update(head);
  for (let at = 1; at <= place; at += 1) hash.update(await requirePiece(house, packageId, at));
  return { packageId, head, pieces: place, sizeBytes: head.length + length, digest: hash.digest('hex') };
}

/** Throws `FILE_MISSING` for what was deleted. */
export async function requirePiece(house: House, packageId: string, place: number): Promise<Buffer> {
  const piece = await getPiece(house, packageId, place);
  if (!piece) throw new Fault('FILE_MISSING');
  return piece;
}

async function* encrypted(plain: AsyncIterable<Uint8Array>, key: Uint8Array, iv: Uint8Array): AsyncGenerator<Buffer> {
  const cipher = createCipheriv('sm4-cbc', key, iv);
  for await (const bytes of plain) yield cipher.update(bytes);
  yield cipher.final();
}

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) continue;
    const all = Buffer.concat(waiting);
    let at = 0;
    for (; all.length - at >= PIECE_BYTES; at += PIECE_BYTES) yield all.subarray(at, at + PIECE_BYTES);
    waiting = [all.subarray(at)];
    size = all.length - at;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

async function* filesOf(house: House, row: AnalysisColumns, terms: AnalysisTerms): AsyncGenerator<StreamedFile> {
  const digests: string[] = [];
  const parts = new PartReader(house, row.id);
  for (const [type, { catalogueCode }] of terms.types.entries()) {
    const hash = createHash('sm3');
    yield { name: `${catalogueCode}.csv`, chunks: parts.ofType(type, (bytes) => hash.update(bytes)) };
    digests.push(hash.digest('hex'));
  }
  const { manifest, readme } = await describeDelivery(house, row, terms, digests);
  yield { name: 'manifest.json', chunks: [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)] };
  yield { name: 'README.txt', chunks: [Buffer.from(readme)] };
}

/** Prepared lines in their order; those of one type lie together. */
class PartReader {
  readonly #house: House;
  readonly #analysisId: string;
  #place = 0;
  #waiting: LinesPart | undefined;

  constructor(house: House, analysisId: string) {
    this.#house = house;
    this.#analysisId = analysisId;
  }

  async *ofType(type: number, seen: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
    for (;;) {
      const part = this.#waiting ?? (await getLines(this.#house, this.#analysisId, this.#place));
      this.#waiting = part;
      if (part?.type !== type) return;
      this.#waiting = undefined;
      this.#place += 1;
      const bytes = Buffer.from(part.text, 'utf8');
      seen(bytes);
      yield bytes;
    }
  }
}
