/** Look up catalogue entries. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { CatalogueDefinition } from './definition.ts';
import type { CatalogueColumns } from './rows.ts';

export interface CatalogueView extends Omit<CatalogueDefinition, 'baseImages'> {
  readonly version: number;
  readonly state: CatalogueColumns['state'];
  /** Base images by name → SM3 digest. */
  readonly baseImages: Readonly<Record<string, string>>;
}

export function catalogueView(row: CatalogueColumns): CatalogueView {
  return { ...row.definition, version: row.version, state: row.state, baseImages: row.baseImages };
}

/** The newest version of an entry; undefined when there is none. */
export async function findNewestEntry(house: House, code: string): Promise<CatalogueColumns | undefined> {
  const row = await house.db.rows.catalogueEntries.findOne({ where: { code }, order: [['version', 'DESC']] });
  return row?.get();
}

/** The newest version of each of these. */
export async function findNewestEntries(house: House, codes: readonly string[]): Promise<CatalogueColumns[]> {
  if (codes.length === 0) return [];
  const where = { code: { [Op.in]: [...codes] } };
  const rows = await house.db.rows.catalogueEntries.findAll({ where, order: [['version', 'ASC']] });
  return [...new Map(rows.map((row) => [row.code, row.get()])).values()];
}

/** The version new licences are issued under today: the newest whose day has come. When none has, or the entry is retired,
 *  the newest, so that the lint can say why it cannot be used. */
export async function findCurrentEntry(house: House, code: string, tx?: Tx): Promise<CatalogueColumns | undefined> {
  const rows = await house.db.rows.catalogueEntries.findAll({
    where: { code },
    order: [['version', 'DESC']],
    ...(tx ? { transaction: tx } : {}),
  });
  const [newest] = rows;
  const today = toShanghaiDate(house.clock());
  const current = newest?.state === 'retired' ? newest : (rows.find((row) => row.inForceFrom <= today) ?? newest);
  return current?.get();
}

/** The version a licence was issued under. */
export async function getEntryVersion(house: House, code: string, version: number, tx?: Tx): Promise<CatalogueColumns> {
  const row = await house.db.rows.catalogueEntries.findOne({
    where: { code, version },
    ...(tx ? { transaction: tx } : {}),
  });
  if (!row) throw new Fault('NOT_FOUND');
  return row.get();
}

/** What is asked of a version with every licence of it. */
export interface EntryTraits {
  readonly name: string;
  /** Persons who review. */
  readonly reviewers: 1 | 2;
  /** Sealed only by the act of a person who keeps the seal. */
  readonly sealedByHolder: boolean;
}

const traits = new WeakMap<House['db'], Map<string, EntryTraits>>();

export interface EntryVersion {
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
}

const versionKey = ({ catalogueCode, catalogueVersion }: EntryVersion) => `${catalogueCode}:${catalogueVersion}`;

/** Of the versions that these licences are under. What was written in a version is never changed, so that it is asked once. */
export async function findEntryTraits(
  house: House,
  versions: readonly EntryVersion[],
  tx?: Tx,
): Promise<(of: EntryVersion) => EntryTraits> {
  const known = traits.get(house.db) ?? new Map<string, EntryTraits>();
  traits.set(house.db, known);
  const unknown = new Map(versions.filter((one) => !known.has(versionKey(one))).map((one) => [versionKey(one), one]));
  if (unknown.size > 0) {
    const pairs = [...unknown.values()].map(({ catalogueCode: code, catalogueVersion: version }) => ({
      code,
      version,
    }));
    const rows = await readRows(house.db.rows.catalogueEntries, { where: { [Op.or]: pairs }, tx });
    for (const row of rows) known.set(`${row.code}:${row.version}`, readTraits(row));
  }
  return (of) => {
    const found = known.get(versionKey(of));
    if (!found) throw new Fault('NOT_FOUND');
    return found;
  };
}

/** Of one version. */
export async function getEntryTraits(house: House, code: string, version: number, tx?: Tx): Promise<EntryTraits> {
  const one = { catalogueCode: code, catalogueVersion: version };
  return (await findEntryTraits(house, [one], tx))(one);
}

function readTraits({ name, definition }: CatalogueColumns): EntryTraits {
  return { name, reviewers: definition.reviewers ?? 1, sealedByHolder: definition.sealAct === 'holder' };
}

export async function listEntries(house: House, request: PageRequest): Promise<Page<CatalogueView>> {
  const limit = pageLimit(request);
  const rows = await house.db.rows.catalogueEntries.findAll({
    where: { state: 'in-force', ...(request.after ? { code: { [Op.gt]: request.after } } : {}) },
    order: [['code', 'ASC']],
    limit: limit + 1,
  });
  return toPage(
    rows.map((row) => catalogueView(row.get())),
    limit,
    (entry) => entry.code,
  );
}
