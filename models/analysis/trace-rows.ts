/** From which delivery rows came that turned up elsewhere: by the mark beside a row, which tells it alone; and, where the marks were cut
 *  off, by the order of the rows, which each grant gives in its own way. Rows that were sorted anew and cut tell nothing. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { type GrantMarks, readMark } from './marks.ts';
import { marksOf } from './prepare-analysis.ts';
import type { AnalysisColumns } from './rows.ts';

/** In the order in which they were found. */
export const traceSchema = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        mark: z.string().trim().toLowerCase().max(100).optional(),
        identifier: z.string().trim().toUpperCase().min(10).max(200).optional(),
        licenceNumber: z.string().trim().min(1).max(120).optional(),
      }),
    )
    .min(1)
    .max(1000),
});
type FoundRow = z.infer<typeof traceSchema>['rows'][number];

export interface TracedGrant {
  readonly number: string;
  readonly organisationCode: string;
  readonly purpose: string;
  /** Rows whose mark names this grant. */
  readonly marks: number;
  /** Of those, rows whose licence is known and is not the one the mark was made for. */
  readonly moved: number;
  /** Neighbours whose licences are known, and how many of them stand as this grant orders them; by chance it is half. */
  readonly order: { readonly pairs: number; readonly inOrder: number } | null;
}

export interface Trace {
  readonly grants: readonly TracedGrant[];
  /** Rows with a mark of no grant. */
  readonly unknownMarks: number;
}

/** Fewer neighbours than these say nothing. */
const LEAST_PAIRS = 24;
/** By chance so many stand in order once in ten million. */
const SURE_DEVIATIONS = 5.2;
const PAGE = 200;

export async function traceRows(house: House, caller: Caller, { rows }: z.infer<typeof traceSchema>): Promise<Trace> {
  requireRole(caller, 'bureau.officer');
  const indexes = rows.map(({ mark }) => (mark ? readMark(house, mark) : undefined));
  const licenceIds = await findLicenceIds(house, rows);
  const named = [...new Set(indexes.filter((index) => index !== undefined))];
  const marked = await readRows(house.db.rows.analyses, { where: { markIndex: { [Op.in]: named } } });
  const known = new Set(marked.map(({ markIndex }) => markIndex));
  const grants = new Map<string, TracedGrant>();
  for (const row of marked) {
    const marks = marksOf(house, row);
    const own = rows.flatMap(({ mark }, at) => (indexes[at] === row.markIndex ? [{ mark, id: licenceIds[at] }] : []));
    const moved = own.filter(({ mark, id }) => id !== undefined && marks.markOf(id) !== mark).length;
    grants.set(row.id, { ...describe(row), marks: own.length, moved, order: judgeOrder(marks, licenceIds) });
  }
  for (const found of await findByOrder(house, licenceIds, grants)) grants.set(...found);
  const details = { rows: rows.length, grants: [...grants.values()].map(({ number }) => number) };
  await logAccess(house, caller, { act: 'analysis.trace', details });
  const unknownMarks = rows.filter(({ mark }, at) => mark && !known.has(indexes[at] ?? '')).length;
  return { grants: [...grants.values()], unknownMarks };
}

const describe = ({ number, organisationCode, application: { purpose } }: AnalysisColumns) => ({
  number,
  organisationCode,
  purpose,
});

/** By identifier, else by a number that only one licence has. */
async function findLicenceIds(house: House, rows: readonly FoundRow[]): Promise<(string | undefined)[]> {
  const { licences } = house.db.rows;
  const identifiers = [...new Set(rows.flatMap(({ identifier }) => identifier ?? []))];
  const numbers = [...new Set(rows.flatMap(({ licenceNumber }) => licenceNumber ?? []))];
  const attributes = ['id', 'identifier', 'licenceNumber'] as const;
  const issued = { state: 'issued' as const };
  const byIdentifier = await readRows(licences, { where: { identifier: { [Op.in]: identifiers } }, attributes });
  const byNumber =
    numbers.length === 0
      ? []
      : await readRows(licences, { where: { ...issued, licenceNumber: { [Op.in]: numbers } }, attributes });
  const ids = new Map(byIdentifier.map((row) => [row.identifier, row.id]));
  // Where the first and the last are two, nobody can say which it was.
  const last = new Map(byNumber.map((row) => [row.licenceNumber, row.id]));
  const first = new Map(byNumber.toReversed().map((row) => [row.licenceNumber, row.id]));
  return rows.map(({ identifier, licenceNumber }) => {
    if (identifier) return ids.get(identifier);
    const only = first.get(licenceNumber ?? '');
    return only === last.get(licenceNumber ?? '') ? only : undefined;
  });
}

function judgeOrder(marks: GrantMarks, licenceIds: readonly (string | undefined)[]): TracedGrant['order'] {
  const orders = licenceIds.flatMap((id) => (id === undefined ? [] : [marks.orderOf(id)]));
  const pairs = orders.length - 1;
  if (pairs < LEAST_PAIRS) return null;
  const inOrder = orders.filter((order, at) => at > 0 && order > (orders[at - 1] ?? '')).length;
  return { pairs, inOrder };
}

/** Among all that was ever delivered; a grant that no mark names is told only when chance cannot explain it. */
async function findByOrder(
  house: House,
  licenceIds: readonly (string | undefined)[],
  known: ReadonlyMap<string, TracedGrant>,
): Promise<[string, TracedGrant][]> {
  const found: [string, TracedGrant][] = [];
  if (licenceIds.filter((id) => id !== undefined).length <= LEAST_PAIRS) return found;
  for (let after = ''; ; ) {
    const where = { digest: { [Op.ne]: null }, id: { [Op.gt]: after } };
    const page = await readRows(house.db.rows.analyses, { where, order: [['id', 'ASC']], limit: PAGE });
    for (const row of page.filter(({ id }) => !known.has(id))) {
      const order = judgeOrder(marksOf(house, row), licenceIds);
      if (order && isBeyondChance(order)) found.push([row.id, { ...describe(row), marks: 0, moved: 0, order }]);
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < PAGE) return found;
  }
}

/** Neighbours of a random order agree half the time, with a variance of a twelfth of their number. */
function isBeyondChance({ pairs, inOrder }: { readonly pairs: number; readonly inOrder: number }): boolean {
  return inOrder - pairs / 2 > SURE_DEVIATIONS * Math.sqrt((pairs + 2) / 12);
}
