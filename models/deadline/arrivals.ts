/** What has come of cases and stands: licences that carry a case's number, and those that a sheet brought for it as a batch; neither
 *  returned nor taken back. */

/** Of licences. */
export const STANDING = "licences.state NOT IN ('returned', 'withdrawn')";

/** Of licences beside cases: they carry the case's number. */
export const OF_CASE = `licences.case_number = cases.case_number
  AND licences.issuing_body = cases.issuing_body AND licences.catalogue_code = cases.catalogue_code`;

/** `case_id`, `licence_id` and `at` of each; `:caseIds`. */
export const BY_CASE_NUMBER = `
  SELECT cases.id AS case_id, licences.id AS licence_id, licences.created_at AS at
  FROM cases JOIN licences ON ${OF_CASE}
  WHERE cases.id IN (:caseIds) AND ${STANDING}`;

/** As the former; the rows of a sheet may carry case numbers of their own, or that of the batch. */
export const BY_SHEET = `
  SELECT imports.case_id, licences.id AS licence_id, licences.created_at AS at
  FROM imports JOIN import_rows ON import_rows.import_id = imports.id AND import_rows.outcome = 'accepted'
    JOIN licences ON licences.id = import_rows.licence_id
  WHERE imports.case_id IN (:caseIds) AND ${STANDING}`;

/** Both, each licence once. */
export const ARRIVED = `${BY_CASE_NUMBER} UNION ${BY_SHEET}`;
