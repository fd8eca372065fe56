/** What has come of cases and stands: licences that carry a case's number, and those that a sheet brought for it as a batch; neither
 *  returned nor taken back. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readInstant } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';

const STANDING = "licences.state NOT IN ('returned', 'withdrawn')";

/** `case_id`, `licence_id` and `at` of each; `:caseIds`. */
export const ARRIVED = `
  SELECT cases.id AS case_id, licences.id AS licence_id, licences.created_at AS at
  FROM cases JOIN licences ON licences.case_number = cases.case_number
    AND licences.issuing_body = cases.issuing_body AND licences.catalogue_code = cases.catalogue_code
  WHERE cases.id IN (:caseIds) AND ${STANDING}
  UNION
  SELECT imports.case_id, licences.id, licences.created_at
  FROM imports JOIN import_rows ON import_rows.import_id = imports.id AND import_rows.outcome = 'accepted'
    JOIN licences ON licences.id = import_rows.licence_id
  WHERE imports.case_id IN (:caseIds) AND ${STANDING}`;

export interface Arrivals {
  /** The first. */
  licenceId: string | null;
  /** The one with which all stood that are wanted. */
  last: { readonly licenceId: string; readonly at: Date } | null;
}

/** By case; the cases are held, so that nothing arrives meanwhile. */
export async function findArrivals(
  house: House,
  tx: Tx,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Arrivals>>> {
  const found = new Map<string, Arrivals>(caseIds.map((id) => [id, { licenceId: null, last: null }]));
  if (caseIds.length === 0) return found;
  const rows = await house.db.sequelize.query<
    Record<'caseId' | 'licenceId', string> & Record<'isLast' | 'at', unknown>
  >(
    `WITH arrived AS (${ARRIVED}), placed AS (
       SELECT arrived.*, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY licence_id) AS place FROM arrived
     )
     SELECT placed.case_id AS caseId, placed.licence_id AS licenceId, placed.at, CASE WHEN place = COALESCE(batch_size, 1) THEN 1 ELSE 0 END AS isLast
     FROM placed JOIN cases ON cases.id = placed.case_id
     WHERE place = 1 OR place = COALESCE(batch_size, 1) ORDER BY placed.case_id, place`,
    { replacements: { caseIds: [...caseIds] }, type: QueryTypes.SELECT, transaction: tx },
  );
  for (const { caseId, licenceId, at, isLast } of rows) {
    const one = found.get(caseId);
    if (!one) continue;
    one.licenceId ??= licenceId;
    if (Number(isLast) === 1) one.last = { licenceId, at: readInstant(at) };
  }
  return found;
}
