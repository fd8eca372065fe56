/** Licences with what their metadata need beside them: entries, issuers, holders. A question each, however many they are. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { loadHolders } from '../licence/load-holders.ts';
import { readRows } from '../store/bulk-read.ts';
import type { DescribedLicence } from './describe-licence.ts';

export async function loadDescribed(
  house: House,
  licenceIds: readonly string[],
): Promise<ReadonlyMap<string, DescribedLicence>> {
  const ids = [...new Set(licenceIds)];
  if (ids.length === 0) return new Map();
  const { catalogueEntries, licences, organisations } = house.db.rows;
  const rows = await readRows(licences, { where: { id: { [Op.in]: ids } } });
  const codes = [...new Set(rows.map(({ catalogueCode }) => catalogueCode))];
  const bodies = [...new Set(rows.map(({ issuingBody }) => issuingBody))];
  const entries = await readRows(catalogueEntries, { where: { code: { [Op.in]: codes } } });
  const issuers = await readRows(organisations, { where: { code: { [Op.in]: bodies } } });
  const holders = await loadHolders(house, ids);
  const byVersion = new Map(entries.map((entry) => [`${entry.code} ${entry.version}`, entry]));
  const names = new Map(issuers.map(({ code, name }) => [code, name]));
  return new Map(
    rows.map((licence) => [
      licence.id,
      {
        licence,
        entry: byVersion.get(`${licence.catalogueCode} ${licence.catalogueVersion}`),
        issuerName: names.get(licence.issuingBody) ?? '',
        holders: holders.get(licence.id) ?? [],
      },
    ]),
  );
}

/** Rows by their licence, in the order they came. */
export function groupBy<Row extends { readonly licenceId: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.licenceId);
    if (group) group.push(row);
    else groups.set(row.licenceId, [row]);
  }
  return groups;
}
