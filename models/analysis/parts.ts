/** The bytes of an analysis in parts: lines that were prepared (encrypted at rest) and pieces of deliveries (encrypted themselves).
 *  What is no longer to be had is deleted. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { deleteRows, insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';

const CONTEXT = 'analysis_parts.content';

/** Lines of one type, in the order of their places. */
export interface LinesPart {
  readonly type: number;
  readonly text: string;
}

export async function putLines(
  house: House,
  tx: Tx,
  analysisId: string,
  place: number,
  part: LinesPart,
): Promise<void> {
  const content = house.cipher.encrypt(CONTEXT, JSON.stringify(part));
  await put(house, tx, { analysisId, ownerId: analysisId, place, content });
}

export async function getLines(house: House, analysisId: string, place: number): Promise<LinesPart | undefined> {
  const content = await get(house, analysisId, place);
  return content === undefined ? undefined : (JSON.parse(house.cipher.decrypt(CONTEXT, content)) as LinesPart);
}

export interface Piece {
  readonly analysisId: string;
  readonly packageId: string;
  readonly place: number;
}

export async function putPiece(
  house: House,
  tx: Tx,
  { packageId: ownerId, ...of }: Piece,
  bytes: Buffer,
): Promise<void> {
  await put(house, tx, { ...of, ownerId, content: bytes.toString('base64') });
}

export async function getPiece(house: House, packageId: string, place: number): Promise<Buffer | undefined> {
  const content = await get(house, packageId, place);
  return content === undefined ? undefined : Buffer.from(content, 'base64');
}

async function put(
  house: House,
  tx: Tx,
  part: { readonly analysisId: string; readonly ownerId: string; readonly place: number; readonly content: string },
): Promise<void> {
  await insertRows(house.db, tx, house.db.rows.analysisParts, [{ id: `${part.ownerId}:${part.place}`, ...part }]);
}

async function get(house: House, ownerId: string, place: number): Promise<string | undefined> {
  return (await house.db.rows.analysisParts.findByPk(`${ownerId}:${place}`, { raw: true }))?.content;
}

const AT_ONCE = 100;

/** Delete what nobody may have any more: all of an analysis that is over; of one that is ready, what its delivery was made from.
 *  @returns how many parts */
export function sweepParts(house: House): Promise<number> {
  return deleteFound(
    house,
    `SELECT part.id AS id FROM analysis_parts part JOIN analyses analysis ON analysis.id = part.analysis_id
    WHERE analysis.state IN ('failed', 'expired', 'revoked')
      OR (analysis.state = 'ready' AND part.owner_id <> analysis.package_id)`,
    {},
  );
}

/** Delete the pieces of packages that were begun and never finished.
 *  @param mayStill asked in each transaction that deletes: a package that was finished meanwhile stays */
export async function discardAttempts(
  house: House,
  analysisId: string,
  mayStill: (tx: Tx) => Promise<boolean>,
): Promise<void> {
  const sql = 'SELECT id FROM analysis_parts WHERE analysis_id = :analysisId AND owner_id <> :analysisId';
  await deleteFound(house, sql, { analysisId }, mayStill);
}

/** Are so many pieces of a package there? Another attempt may have discarded some. */
export async function isWhole(house: House, tx: Tx, ownerId: string, pieces: number): Promise<boolean> {
  return (await house.db.rows.analysisParts.count({ where: { ownerId }, transaction: tx })) === pieces;
}

async function deleteFound(
  house: House,
  sql: string,
  replacements: Readonly<Record<string, string>>,
  mayStill?: (tx: Tx) => Promise<boolean>,
): Promise<number> {
  const { db } = house;
  for (let deleted = 0; ; ) {
    const found = await db.sequelize.query<{ id: string }>(`${sql} LIMIT ${AT_ONCE}`, {
      replacements,
      type: QueryTypes.SELECT,
    });
    const ids = found.map(({ id }) => id);
    const done = await withTransaction(db, async (tx) => {
      if (mayStill && !(await mayStill(tx))) return false;
      await deleteRows(db, tx, db.rows.analysisParts, 'id', ids);
      return true;
    });
    if (!done) return deleted;
    deleted += ids.length;
    if (ids.length < AT_ONCE) return deleted;
  }
}
