/** The licences that rows of a change are about: found many at once, by identifier or by number within the type. */
import type { House } from '../../models/house.ts';
import type { ImportColumns } from '../../models/import/index.ts';
import type { PointedFault } from '../../models/kernel/fault.ts';
import { numberKeyOf } from '../../models/licence/index.ts';
import { readRows } from '../../models/store/index.ts';

/** What a row says of which licence it means. */
export interface Named {
  readonly identifier?: string | undefined;
  readonly licenceNumber?: string | undefined;
}

type Found = { readonly licenceId: string; readonly status: string | null } | { readonly fault: PointedFault };

/** In the order of the rows. Another department's licences, and those of another type, are not there. */
export async function locateRows(house: House, work: ImportColumns, rows: readonly Named[]): Promise<Found[]> {
  const { licences } = house.db.rows;
  const { catalogueCode, issuingBody } = work;
  const own = { catalogueCode, issuingBody };
  const attributes = ['id', 'identifier', 'numberKey', 'status'] as const;
  const identifiers = rows.flatMap(({ identifier }) => identifier ?? []);
  const keys = rows.flatMap(({ licenceNumber }) => (licenceNumber ? [numberKeyOf(catalogueCode, licenceNumber)] : []));
  const named = [
    ...(identifiers.length ? await readRows(licences, { where: { ...own, identifier: identifiers }, attributes }) : []),
    ...(keys.length ? await readRows(licences, { where: { ...own, numberKey: keys }, attributes }) : []),
  ];
  const byIdentifier = new Map(named.map((licence) => [licence.identifier, licence]));
  const byKey = new Map(named.map((licence) => [licence.numberKey, licence]));
  return rows.map(({ identifier, licenceNumber }) => {
    const [pointer, licence] = identifier
      ? ['/identifier', byIdentifier.get(identifier)]
      : ['/licenceNumber', byKey.get(numberKeyOf(catalogueCode, licenceNumber ?? ''))];
    if (!identifier && !licenceNumber) return { fault: { pointer: '/identifier', code: 'FIELD_REQUIRED' } };
    if (!licence) return { fault: { pointer, code: 'NOT_FOUND' } };
    if (licenceNumber && licence.numberKey !== numberKeyOf(catalogueCode, licenceNumber))
      return { fault: { pointer: '/licenceNumber', code: 'FILE_MISMATCH' } };
    return { licenceId: licence.id, status: licence.status };
  });
}
