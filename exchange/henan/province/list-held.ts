/** What lies in the province's tables of ours, for a comparison. The tables have no digests: a row is held to be the state that
 *  was written last as long as the columns say so that tell what a licence or an entry is. Files are not looked at: reading them
 *  all would take as long as sending them all. */
import { findNewestEntries } from '../../../models/catalogue/index.ts';
import type { HeldRecord } from '../../../models/digest-tree/index.ts';
import {
  FILE_NUMBER_CONTEXT,
  findConfirmed,
  findHenanSerials,
  findHenanSubjects,
  type HenanSubjectColumns,
  listHenanWritten,
  noteHenanAltered,
} from '../../../models/exchange-state/index.ts';
import type { House } from '../../../models/house.ts';
import type { LicenceStatus } from '../../../models/licence/index.ts';
import { readRows } from '../../../models/store/index.ts';
import { columnList, columnText } from '../../front-end/column-text.ts';
import type { FrontEndConnection, SqlRow } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { ProvinceAway } from '../../province/connector.ts';
import { findCityRecords } from '../../reconcile/judge-differences.ts';
import { toCatalogueState, toLicenceState } from '../code-lists.ts';
import { keyOf } from '../tables.ts';
import { serialOf } from './file-number.ts';

const AT_ONCE = 500;
/** Of a row that does not say what was written: the digest of nothing. */
const ALTERED = '0'.repeat(64);

const TABLES = {
  hn_catalog_sync: ['license_name', 'licence_type_code', 'state'],
  hn_license_sync: ['license_number', 'license_type_code', 'state'],
} as const;
type Table = keyof typeof TABLES;

type During = <T>(act: (connection: FrontEndConnection) => Promise<T>) => Promise<T>;

/** Rows that are gone, so many or this share of what was written if that is more: sent again. When more are, the province has rather
 *  cleared away what it had moved long ago. */
const MOST_GONE = 20;
const SHARE_GONE = 0.001;

/** In no order. What was altered there is noted, so that it is written once more when it is sent again. Throws `ProvinceAway`. */
export async function* listHeld(house: House, during: During): AsyncGenerator<HeldRecord> {
  const seen = new Set<number>();
  for (const table of Object.keys(TABLES) as Table[]) {
    for (let after = ''; ; ) {
      const rows = await during((connection) => readPage(connection, table, after));
      after = columnText(rows.at(-1)?.[keyOf(table)]);
      const written = await findWritten(house, table, rows);
      for (const { kept } of written) seen.add(kept.serial);
      yield* await judgePage(house, table, written);
      if (rows.length < AT_ONCE) break;
    }
  }
  yield* listCleared(house, seen);
}

/** What was written and lies there no more, when it is so much that it was cleared away: it counts as held. */
async function* listCleared(house: House, seen: ReadonlySet<number>): AsyncGenerator<HeldRecord> {
  let [all, gone] = [0, 0];
  for await (const { serial } of listHenanWritten(house)) {
    all += 1;
    if (!seen.has(serial)) gone += 1;
  }
  if (gone <= Math.max(MOST_GONE, all * SHARE_GONE)) return;
  house.log.warn({ all, gone }, 'rows were cleared away from the province’s tables; they count as moved');
  for await (const { serial, subject, sequence, digest } of listHenanWritten(house))
    if (!seen.has(serial) && digest !== null) yield { subject, sequence, digest };
}

async function readPage(connection: FrontEndConnection, table: Table, after: string): Promise<readonly SqlRow[]> {
  const key = keyOf(table);
  const columns = columnList(connection.dialect, [key, ...TABLES[table]]);
  try {
    return await connection.query(`SELECT ${columns} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${AT_ONCE}`, [
      after,
    ]);
  } catch (cause) {
    throw new ProvinceAway({ detail: nameError(cause), cause });
  }
}

interface Written {
  readonly kept: HenanSubjectColumns;
  readonly row: SqlRow;
}

async function judgePage(house: House, table: Table, written: readonly Written[]): Promise<HeldRecord[]> {
  const subjects = written.map(({ kept }) => kept.subject);
  const city = await findCityRecords(house, subjects);
  const book = await findConfirmed(house, subjects);
  const expected = await (table === 'hn_license_sync' ? expectLicences : expectEntries)(house, subjects);
  const altered: HenanSubjectColumns[] = [];
  const held = written.flatMap(({ kept, row }): HeldRecord[] => {
    const { subject, sequence, digest } = kept;
    // It was overwritten, and refused: the province stands by what it had taken before, if anything.
    const confirmed = book.get(subject);
    if (digest === null && city.get(subject)?.isRefused) return confirmed ? [confirmed] : [];
    const wanted = expected.get(subject);
    // What the city has changed since is on its way.
    const isSame =
      wanted?.sequence !== sequence || TABLES[table].every((name, at) => columnText(row[name]) === wanted.columns[at]);
    if (digest !== null && isSame) return [{ subject, sequence, digest }];
    altered.push(kept);
    return [{ subject, sequence, digest: ALTERED }];
  });
  await noteHenanAltered(house, altered);
  return held.map(({ subject, sequence, digest }) => ({ subject, sequence, digest }));
}

/** Ours, and of a licence the row with its newest file. */
async function findWritten(house: House, table: Table, rows: readonly SqlRow[]): Promise<Written[]> {
  const byKey = new Map(rows.map((row) => [columnText(row[keyOf(table)]), row]));
  const keys = [...byKey.keys()];
  const all =
    table === 'hn_license_sync'
      ? await findHenanSerials(
          house,
          keys.flatMap((key) => serialOf(key) ?? []),
        )
      : [
          ...(
            await findHenanSubjects(
              house,
              keys.map((key) => `catalogue:${key}`),
            )
          ).values(),
        ];
  return all.flatMap((kept) => {
    const { subject, fileNumberCipher } = kept;
    const isLicence = subject.startsWith('licence:');
    const key = fileNumberCipher ? house.cipher.decrypt(FILE_NUMBER_CONTEXT, fileNumberCipher) : nameOf(subject);
    const row = byKey.get(key);
    return row && isLicence === (table === 'hn_license_sync') ? [{ kept, row }] : [];
  });
}

interface Expected {
  readonly sequence: number;
  /** In the order of the table's columns. */
  readonly columns: readonly string[];
}

const nameOf = (subject: string) => subject.slice(subject.indexOf(':') + 1);

async function expectLicences(house: House, subjects: readonly string[]): Promise<Map<string, Expected>> {
  const rows = await readRows(house.db.rows.licences, {
    where: { identifier: subjects.map(nameOf), state: 'issued' },
    attributes: ['identifier', 'sequence', 'status', 'licenceNumber', 'catalogueCode'],
  });
  return new Map(
    rows.map(({ identifier, sequence, status, licenceNumber, catalogueCode }) => [
      `licence:${identifier}`,
      { sequence, columns: [licenceNumber, catalogueCode, String(toLicenceState(status as LicenceStatus))] },
    ]),
  );
}

async function expectEntries(house: House, subjects: readonly string[]): Promise<Map<string, Expected>> {
  const entries = await findNewestEntries(house, subjects.map(nameOf));
  return new Map(
    entries.map(({ code, version, name, state }) => [
      `catalogue:${code}`,
      { sequence: version, columns: [name, code, String(toCatalogueState(state))] },
    ]),
  );
}
