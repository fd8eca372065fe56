/** What is known of the keys of some rows: their newest lines in the companion, what the repository has applied of them, where
 *  their licences stand today, and the entries they are about. A handful of queries for all of them. */
import type { CatalogueColumns } from '../../../models/catalogue/index.ts';
import { findNewestEntry } from '../../../models/catalogue/index.ts';
import { appliedId } from '../../../models/exchange-state/index.ts';
import { findLicences, findStanding, type LicenceStatus } from '../../../models/licence/index.ts';
import { readRows } from '../../../models/store/index.ts';
import type { MachinePass } from '../../front-end/profile.ts';
import type { HenanTable } from '../tables.ts';
import type { HeldLine } from './companion.ts';
import type { PhysicalRow } from './henan-row.ts';
import type { Known, KnownReceipt } from './weigh-row.ts';

export interface Gathered {
  /** The key's name in the repository: it may hold a personal number, which is not written down in clear. */
  subjectOf(key: string): string;
  of(key: string): Known;
  newestLine(key: string): KnownReceipt | undefined;
  entry(code: string): CatalogueColumns | undefined;
  /** Our code of an entry by the province's. */
  codeOf(catalogId: string): string | undefined;
}

export async function gatherKnown(
  pass: MachinePass,
  table: HenanTable,
  rows: readonly PhysicalRow[],
  lines: readonly HeldLine[],
): Promise<Gathered> {
  const { house, machine } = pass;
  const subjectOf = (key: string) => house.cipher.blindIndex(`henan ${table}`, `${machine.name}/${key}`);
  const idOf = (key: string) => appliedId({ frontEnd: machine.name, table, businessKey: subjectOf(key) });
  const applied = await readRows(house.db.rows.appliedRows, { where: { id: rows.map(({ key }) => idOf(key)) } });
  const appliedOf = new Map(applied.map((row) => [row.id, row]));
  const statuses = await findStatuses(
    pass,
    applied.flatMap(({ licenceId }) => licenceId ?? []),
  );
  const codes = await findCodes(pass, rows);
  const entries = await findEntries(pass, rows, codes);
  const find = (key: string, operation: string) =>
    lines.find((line) => line.businessKey === key && line.operation === operation);
  return {
    subjectOf,
    of(key) {
      const row = appliedOf.get(idOf(key));
      return {
        upsert: find(key, 'upsert'),
        status: find(key, 'status'),
        applied: row && { revision: row.revision, digest: row.payloadDigest },
        licence: (row?.licenceId && statuses.get(row.licenceId)) || null,
      };
    },
    newestLine: (key) => {
      const [a, b] = [find(key, 'upsert'), find(key, 'status')];
      return (a?.revision ?? 0) >= (b?.revision ?? 0) ? a : b;
    },
    entry: (code) => entries.get(code),
    codeOf: (catalogId) => codes.get(catalogId),
  };
}

async function findStatuses(
  { house }: MachinePass,
  licenceIds: readonly string[],
): Promise<Map<string, LicenceStatus | null>> {
  if (licenceIds.length === 0) return new Map();
  const rows = await findLicences(house, licenceIds);
  return findStanding(
    house,
    rows.filter(({ state }) => state === 'issued'),
  );
}

async function findCodes({ house }: MachinePass, rows: readonly PhysicalRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ text }) => text.catalog_id?.trim() || []))];
  if (ids.length === 0) return new Map();
  const found = await readRows(house.db.rows.provinceCatalogueCodes, { where: { provincialCode: ids } });
  return new Map(found.map(({ provincialCode, code }) => [provincialCode, code]));
}

async function findEntries(
  { house }: MachinePass,
  rows: readonly PhysicalRow[],
  codes: ReadonlyMap<string, string>,
): Promise<Map<string, CatalogueColumns>> {
  const entries = new Map<string, CatalogueColumns>();
  const wanted = rows.map(
    ({ text }) => text.licence_type_code?.trim() || text.license_type_code?.trim() || codes.get(text.catalog_id ?? ''),
  );
  for (const code of new Set(wanted)) {
    const entry = code ? await findNewestEntry(house, code) : undefined;
    if (entry) entries.set(entry.code, entry);
  }
  return entries;
}
