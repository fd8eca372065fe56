/** The issued licences within terms: counted for the bureau before it decides, read in portions when a delivery is prepared. */
import { Op, QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import type { LicenceColumns, ReplacedFacts } from '../licence/rows.ts';
import { type LicenceStatus, statusOn } from '../licence/states.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Dialect } from '../store/database.ts';
import type { AnalysisFilter, AnalysisTerms, AnalysisType } from './terms.ts';

interface Conditions {
  readonly sql: string;
  readonly replacements: Readonly<Record<string, string | readonly string[]>>;
}

/** All but the status, which depends on the moment. */
function conditionsOf(dialect: Dialect, type: AnalysisType, filter: AnalysisFilter): Conditions {
  const { issuedFrom, issuedTo, issuingBodies } = filter;
  const codes = Object.entries(type.where);
  const fieldOf = (key: string) =>
    dialect === 'mysql' ? `JSON_UNQUOTE(JSON_EXTRACT(fields, '$.${key}'))` : `json_extract(fields, '$.${key}')`;
  const parts = [
    'catalogue_code = :catalogueCode',
    "state = 'issued'",
    ...(issuedFrom ? ['issued_on >= :issuedFrom'] : []),
    ...(issuedTo ? ['issued_on <= :issuedTo'] : []),
    ...(issuingBodies ? ['issuing_body IN (:issuingBodies)'] : []),
    ...codes.map(([key], index) => `${fieldOf(key)} = :code${index}`),
  ];
  const replacements = {
    catalogueCode: type.catalogueCode,
    ...(issuedFrom ? { issuedFrom } : {}),
    ...(issuedTo ? { issuedTo } : {}),
    ...(issuingBodies ? { issuingBodies } : {}),
    ...Object.fromEntries(codes.map(([, code], index) => [`code${index}`, code])),
  };
  return { sql: parts.join(' AND '), replacements };
}

interface Group {
  readonly status: LicenceStatus | null;
  readonly early: number | null;
  readonly late: number | null;
  readonly licences: number;
}

/** How many rows of each type there would be now; one question a type. */
export async function countWithin(house: House, { types, filter }: AnalysisTerms): Promise<number[]> {
  const { sequelize, dialect } = house.db;
  const today = toShanghaiDate(house.clock());
  const counts: number[] = [];
  for (const type of types) {
    const { sql, replacements } = conditionsOf(dialect, type, filter);
    const groups = await sequelize.query<Group>(
      `SELECT status, valid_from > :today AS early, valid_to < :today AS late, COUNT(*) AS licences
       FROM licences WHERE ${sql} GROUP BY status, early, late`,
      { replacements: { ...replacements, today }, type: QueryTypes.SELECT },
    );
    // Dates that stand for all of a group.
    const statusOf = ({ status, early, late }: Group) =>
      statusOn({ status, validFrom: early ? '9999-12-31' : null, validTo: late ? '0001-01-01' : null }, today);
    const fitting = groups.filter((group) => isWanted(filter, statusOf(group)));
    counts.push(fitting.reduce((sum, { licences }) => sum + Number(licences), 0));
  }
  return counts;
}

function isWanted({ statuses }: AnalysisFilter, status: LicenceStatus | null): boolean {
  return status !== null && (!statuses || statuses.includes(status));
}

export interface FoundLicence extends LicenceColumns {
  /** As it was at the moment. */
  readonly statusThen: LicenceStatus;
}

export interface Portion {
  readonly licences: readonly FoundLicence[];
  /** Where the next one goes on; undefined after the last. */
  readonly next: string | undefined;
}

function undo(row: LicenceColumns, status: LicenceStatus | null, replaced: ReplacedFacts | null): LicenceColumns {
  const before = Object.entries(replaced?.fields ?? {}).map(([key, value]) => [key, value ?? '']);
  return { ...row, status, fields: { ...row.fields, ...(Object.fromEntries(before) as Record<string, string>) } };
}

/** The next licences after an id, each as it was at `moment` by its change records: what was issued later is not
 *  among them. */
export async function readPortion(
  house: House,
  type: AnalysisType,
  filter: AnalysisFilter,
  { moment, after, limit }: { readonly moment: Date; readonly after: string; readonly limit: number },
): Promise<Portion> {
  const { sql, replacements } = conditionsOf(house.db.dialect, type, filter);
  const found = await house.db.sequelize.query<{ id: string }>(
    `SELECT id FROM licences WHERE ${sql} AND id > :after ORDER BY id LIMIT ${limit}`,
    { replacements: { ...replacements, after }, type: QueryTypes.SELECT },
  );
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return { licences: [], next: undefined };
  const { licences, changes } = house.db.rows;
  const rows = await readRows(licences, { where: { id: { [Op.in]: ids } }, order: [['id', 'ASC']] });
  // After the licences: a change that came in between is then seen.
  const later = await readRows(changes, {
    where: { licenceId: { [Op.in]: ids }, createdAt: { [Op.gt]: moment } },
    order: [
      ['licenceId', 'ASC'],
      ['sequence', 'DESC'],
    ],
    attributes: ['licenceId', 'fromStatus', 'replaced'],
  });
  const then = new Map(rows.map((row) => [row.id, row]));
  // The newest first: each change is undone.
  for (const { licenceId, fromStatus, replaced } of later) {
    const row = then.get(licenceId);
    if (row) then.set(licenceId, undo(row, fromStatus as LicenceStatus | null, replaced));
  }
  const day = toShanghaiDate(moment);
  const within = [...then.values()].flatMap((row): FoundLicence[] => {
    const statusThen = statusOn(row, day);
    return statusThen !== null && isWanted(filter, statusThen) ? [{ ...row, statusThen }] : [];
  });
  return { licences: within, next: ids.length < limit ? undefined : ids.at(-1) };
}
