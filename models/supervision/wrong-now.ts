/** What is wrong at this moment, of each kind one statement: subject, body, name, and when its cause came about. */
import type { FindingKind } from './finding-words.ts';

export interface WrongNow {
  readonly kind: FindingKind;
  /** Columns subjectId, organisationCode, subject, catalogueCode, cause. Given are :today (date), :now and :cutoff. */
  readonly sql: string;
  /** `graced`: wrong once so many working days have passed since its cause; those before :cutoff. `found`: its cause is not dated. */
  readonly since: 'graced' | 'day-after' | 'found';
  /** Ids of what can be wrong at all: what has left them was not mended, it ceased. Without it nothing leaves. */
  readonly watched?: string;
}

/** Working days in which what was refused or has stopped is mended before supervision speaks of it; the bureau's own. */
export const GRACE_WORKING_DAYS = 3;

const OF_MACHINE = "SUBSTR(applied_rows.id, 1, INSTR(applied_rows.id, '/') - 1)";

/** Since the first time, also while it is sent once more. */
const SINCE = 'COALESCE(province_states.failing_since, province_states.since, province_states.updated_at)';

const ofProvince = (state: 'held' | 'refused') => `
  SELECT province_states.id AS subjectId, province_states.issuing_body AS organisationCode,
    COALESCE(licences.identifier, province_states.subject_id) AS subject, licences.catalogue_code AS catalogueCode,
    ${SINCE} AS cause
  FROM province_states LEFT JOIN licences ON licences.id = province_states.subject_id
  WHERE province_states.issuing_body IS NOT NULL AND ${SINCE} < :cutoff AND (province_states.state = '${state}'
    OR (province_states.failing = '${state}' AND province_states.state IN ('waiting', 'pending')))`;
/** What is refused where it was held before, or the other way round, has not been mended. */
const atProvince = (state: 'held' | 'refused') =>
  `SELECT id AS subjectId FROM province_states WHERE failing IS NULL OR failing = '${state}'`;

export const WRONG_NOW: readonly WrongNow[] = [
  {
    kind: 'catalogue-outdated',
    since: 'day-after',
    sql: `SELECT code AS subjectId, issuing_body AS organisationCode, name AS subject, code AS catalogueCode,
        in_force_to AS cause
      FROM catalogue_entries WHERE state = 'in-force' AND in_force_to < :today`,
  },
  {
    // One that answers and has nothing to push is no breach; one that cannot be asked may hold anything.
    kind: 'machine-silent',
    since: 'graced',
    sql: `SELECT name AS subjectId, organisation_code AS organisationCode, name AS subject, NULL AS catalogueCode,
        COALESCE(silent_since, waiting_since) AS cause
      FROM front_ends
      WHERE state = 'active' AND last_error IS NOT NULL AND COALESCE(silent_since, waiting_since) < :cutoff`,
    watched: "SELECT name AS subjectId FROM front_ends WHERE state = 'active'",
  },
  {
    kind: 'row-refused',
    since: 'graced',
    sql: `SELECT applied_rows.id AS subjectId, front_ends.organisation_code AS organisationCode,
        applied_rows.id AS subject, NULL AS catalogueCode, COALESCE(applied_rows.refused_since, applied_rows.applied_at) AS cause
      FROM applied_rows JOIN front_ends ON front_ends.name = ${OF_MACHINE}
      WHERE applied_rows.receipt_state = 3 AND COALESCE(applied_rows.refused_since, applied_rows.applied_at) < :cutoff`,
    watched: `SELECT applied_rows.id AS subjectId FROM applied_rows JOIN front_ends ON front_ends.name = ${OF_MACHINE}`,
  },
  { kind: 'province-held', since: 'graced', sql: ofProvince('held'), watched: atProvince('held') },
  { kind: 'province-refused', since: 'graced', sql: ofProvince('refused'), watched: atProvince('refused') },
  {
    kind: 'persons-missing',
    since: 'found',
    sql: `SELECT code AS subjectId, code AS organisationCode, name AS subject, NULL AS catalogueCode, created_at AS cause
      FROM organisations WHERE (is_issuer = 1 OR is_consumer = 1) AND (responsible_body IS NULL
        OR NOT EXISTS (SELECT 1 FROM organisation_persons WHERE organisation_code = organisations.code))`,
  },
  {
    // What the holder has missed is no breach of the department's.
    kind: 'inspection-open',
    since: 'day-after',
    sql: `SELECT id AS subjectId, issuing_body AS organisationCode, id AS subject, catalogue_code AS catalogueCode,
        closes_on AS cause
      FROM inspections WHERE state = 'submitted' AND closes_on < :today`,
  },
  {
    kind: 'commitment-late',
    since: 'day-after',
    sql: `SELECT id AS subjectId, issuing_body AS organisationCode, id AS subject, catalogue_code AS catalogueCode,
        due_on AS cause
      FROM commitments WHERE state = 'open' AND due_on < :today`,
  },
];
