/** Which licence has a place among those that stand of a case, in the order of their ids, read from the nearer end. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readInstant } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';
import { BY_CASE_NUMBER, BY_SHEET, OF_CASE, STANDING } from './arrivals.ts';

export interface PlacedLicence {
  readonly licenceId: string;
  readonly at: Date;
}

/** @param place from 1; @param standing how many there are, where it is known
 *  @returns undefined when there are fewer */
export async function findPlaced(
  house: House,
  tx: Tx,
  caseId: string,
  place: number,
  standing = Number.POSITIVE_INFINITY,
): Promise<PlacedLicence | undefined> {
  if (place > standing) return undefined;
  const fromEnd = standing - place + 1;
  const [order, most] = fromEnd < place ? ['DESC', fromEnd] : ['ASC', place];
  const first = (sql: string, name: string) =>
    `SELECT * FROM (${sql} ORDER BY licences.id ${order} LIMIT :most) AS ${name}`;
  const rows = await house.db.sequelize.query<{ readonly licenceId: string; readonly at: unknown }>(
    `SELECT licence_id AS licenceId, at FROM (
       ${first(BY_CASE_NUMBER, 'by_number')} UNION ${first(BY_SHEET, 'by_sheet')}
     ) AS arrived ORDER BY licence_id ${order} LIMIT 1 OFFSET :before`,
    { replacements: { caseIds: [caseId], most, before: most - 1 }, type: QueryTypes.SELECT, transaction: tx },
  );
  const [found] = rows;
  return found && { licenceId: found.licenceId, at: readInstant(found.at) };
}

/** The first of each case, many at once; a case of which nothing stands is not in it. */
export async function findFirsts(
  house: House,
  tx: Tx,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, PlacedLicence>> {
  if (caseIds.length === 0) return new Map();
  const rows = await house.db.sequelize.query<Record<'caseId' | 'licenceId', string> & { readonly at: unknown }>(
    `SELECT firsts.case_id AS caseId, licences.id AS licenceId, licences.created_at AS at FROM (
       SELECT cases.id AS case_id,
         (SELECT licences.id FROM licences WHERE ${OF_CASE} AND ${STANDING} ORDER BY licences.id LIMIT 1) AS by_number,
         (SELECT licences.id FROM imports
            JOIN import_rows ON import_rows.import_id = imports.id AND import_rows.outcome = 'accepted'
            JOIN licences ON licences.id = import_rows.licence_id
          WHERE imports.case_id = cases.id AND ${STANDING} ORDER BY licences.id LIMIT 1) AS by_sheet
       FROM cases WHERE cases.id IN (:caseIds)
     ) AS firsts JOIN licences
       ON licences.id = CASE WHEN by_sheet IS NULL OR by_number < by_sheet THEN by_number ELSE by_sheet END`,
    { replacements: { caseIds: [...caseIds] }, type: QueryTypes.SELECT, transaction: tx },
  );
  return new Map(rows.map(({ caseId, licenceId, at }) => [caseId, { licenceId, at: readInstant(at) }]));
}
