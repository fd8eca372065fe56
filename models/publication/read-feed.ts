/** Read the feed in order of positions, bounded by what a reader may know and wants. A page looks at no more than a window of
 *  positions, so that a reader of little among much costs no more than one who reads all. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { Knowledge } from './knowledge.ts';
import type { FeedColumns } from './rows.ts';

export interface FeedFilter {
  /** Null: of every type the reader may know. */
  readonly catalogueCodes?: readonly string[] | null;
  /** Null: all. */
  readonly acts?: readonly string[] | null;
}

export interface FeedPage {
  readonly entries: readonly FeedColumns[];
  /** All up to here has been looked at. */
  readonly position: number;
  /** Position of the newest change of the feed. */
  readonly head: number;
}

const WINDOW = 10_000;

interface RawEntry extends Omit<FeedColumns, 'subjectId' | 'issuingBody' | 'catalogueCode' | 'atMs' | 'commitment'> {
  readonly subject_id: string;
  readonly issuing_body: string;
  readonly catalogue_code: string;
  readonly commitment: number;
  readonly at_ms: number;
}

/** @param after position of the last change already read */
export async function readFeed(
  house: House,
  knowledge: Knowledge,
  filter: FeedFilter,
  { after, limit, tx }: { readonly after: number; readonly limit: number; readonly tx?: Tx },
): Promise<FeedPage> {
  const head = await readHead(house, tx);
  const until = Math.min(after + WINDOW, head);
  if (until <= after) return { entries: [], position: after, head };
  const { conditions, values } = toConditions(knowledge, filter);
  const rows = await house.db.sequelize.query<RawEntry>(
    `SELECT * FROM change_feed WHERE position > :after AND position <= :until AND ${conditions}
     ORDER BY position LIMIT :limit`,
    { replacements: { ...values, after, until, limit }, type: QueryTypes.SELECT, ...(tx ? { transaction: tx } : {}) },
  );
  const entries = rows.map(toEntry);
  // A full page may have left some of the window out.
  return { entries, position: entries.length < limit ? until : (entries.at(-1)?.position ?? until), head };
}

export async function readHead(house: House, tx?: Tx): Promise<number> {
  const row = await house.db.rows.changeHead.findByPk(1, tx ? { transaction: tx } : {});
  return row?.position ?? 0;
}

/** The entries at these positions, in any order. */
export async function findEntries(house: House, positions: readonly number[], tx?: Tx): Promise<FeedColumns[]> {
  if (positions.length === 0) return [];
  const where = { position: [...positions] };
  const rows = await house.db.rows.changeFeed.findAll({ where, ...(tx ? { transaction: tx } : {}) });
  return rows.map((row) => row.get());
}

/** The feed's own rule, for an entry at hand. */
export function mayKnow(
  { all, ownBody, codes }: Knowledge,
  { type, issuingBody, catalogueCode }: FeedColumns,
): boolean {
  return all || type === 'catalogue' || issuingBody === ownBody || codes.includes(catalogueCode);
}

/** Position before the oldest change that is still kept. */
export async function readTail(house: House): Promise<number> {
  const oldest = await house.db.rows.changeFeed.findOne({ attributes: ['position'], order: [['position', 'ASC']] });
  return oldest ? oldest.position - 1 : readHead(house);
}

function toConditions({ all, ownBody, codes, nextStepCodes }: Knowledge, { catalogueCodes, acts }: FeedFilter) {
  const known = all
    ? '1 = 1'
    : `(type = 'catalogue' OR issuing_body = :ownBody OR ${isIn('catalogue_code', 'codes', codes)})`;
  const wantedCodes = catalogueCodes ? isIn('catalogue_code', 'wantedCodes', catalogueCodes) : '1 = 1';
  const wantedActs = acts ? isIn('act', 'acts', acts) : '1 = 1';
  const nextStep = nextStepCodes.includes('*') ? '1 = 1' : isIn('catalogue_code', 'nextStepCodes', nextStepCodes);
  const told = `(commitment = 1 AND act = 'annul' AND ${nextStep})`;
  return {
    conditions: `${known} AND ((${wantedCodes} AND ${wantedActs}) OR ${told})`,
    values: { ownBody: ownBody ?? '', codes, wantedCodes: catalogueCodes ?? [], acts: acts ?? [], nextStepCodes },
  };
}

const isIn = (column: string, name: string, values: readonly string[]) =>
  values.length > 0 ? `${column} IN (:${name})` : '1 = 0';

function toEntry(row: RawEntry): FeedColumns {
  const { subject_id: subjectId, issuing_body: issuingBody, catalogue_code: catalogueCode, at_ms: atMs, ...rest } = row;
  return {
    ...rest,
    ...{ subjectId, issuingBody, catalogueCode },
    position: Number(row.position),
    sequence: Number(row.sequence),
    commitment: Boolean(row.commitment),
    atMs: Number(atMs),
  };
}
