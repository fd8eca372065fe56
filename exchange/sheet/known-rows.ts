/** Rows that were seen before: the same row in another import whose licence stands is there already; a row that stands twice in
 *  one sheet is refused the second time. */
import type { House } from '../../models/house.ts';
import type { ImportColumns, ImportRowColumns } from '../../models/import/index.ts';
import type { PointedFault } from '../../models/kernel/fault.ts';
import { agreesWithSubmission } from '../../models/licence/index.ts';
import { readRows } from '../../models/store/index.ts';
import type { ReadRow } from './read-row.ts';
import { pointerTo } from './read-sheet.ts';

export type KnownRow = Pick<ImportRowColumns, 'outcome' | 'licenceId' | 'faults'>;

/** By the row of the sheet. */
export async function findKnownRows(
  house: House,
  work: ImportColumns,
  rows: readonly ReadRow[],
): Promise<ReadonlyMap<number, KnownRow>> {
  const before = await readRows(house.db.rows.importRows, {
    where: { fingerprint: rows.map(({ fingerprint }) => fingerprint) },
    attributes: ['importId', 'sheetRow', 'licenceId', 'fingerprint'],
  });
  const standing = await findStanding(
    house,
    before.flatMap(({ licenceId }) => licenceId ?? []),
  );
  const here = new Map<string, number>();
  const there = new Map<string, string>();
  for (const { importId, sheetRow, licenceId, fingerprint } of before) {
    if (importId === work.id) here.set(fingerprint, sheetRow);
    else if (licenceId !== null && standing.has(licenceId)) there.set(fingerprint, licenceId);
  }
  const known = new Map<number, KnownRow>();
  for (const { line, fingerprint } of rows) {
    const first = here.get(fingerprint);
    const licenceId = there.get(fingerprint);
    if (first !== undefined) known.set(line.row, repeated(line.row, first, 'ALREADY_EXISTS'));
    else if (licenceId !== undefined) known.set(line.row, { outcome: 'there', licenceId, faults: null });
    here.set(fingerprint, first ?? line.row);
  }
  await findSame(house, rows, known);
  // Applied numbers are licences already; of a dry run only the rows know them.
  if (work.mode === 'dry-run') await findRepeatedNumbers(house, work, rows, known);
  return known;
}

/** Numbers that are taken by licences which say just the same, by whatever way they came. */
async function findSame(house: House, rows: readonly ReadRow[], known: Map<number, KnownRow>): Promise<void> {
  const open = rows.filter(({ line, numberKey }) => numberKey !== undefined && !known.has(line.row));
  if (open.length === 0) return;
  const licences = await readRows(house.db.rows.licences, {
    where: { numberKey: open.map(({ numberKey }) => numberKey ?? '') },
  });
  const byNumber = new Map(licences.map((licence) => [licence.numberKey, licence]));
  for (const { line, numberKey = '', body, from } of open) {
    const licence = byNumber.get(numberKey);
    if (licence && (await agreesWithSubmission(house, licence, body, from.stock?.issuedOn)))
      known.set(line.row, { outcome: 'there', licenceId: licence.id, faults: null });
  }
}

const repeated = (row: number, first: number, code: PointedFault['code'], heading = ''): KnownRow => ({
  ...{ outcome: 'refused', licenceId: null },
  faults: [{ pointer: pointerTo(row, heading), code, detail: `第${first}行` }],
});

/** Of these licences, those that were neither returned nor withdrawn. */
async function findStanding(house: House, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await readRows(house.db.rows.licences, {
    where: { id: [...ids] },
    attributes: ['id', 'state'],
  });
  const standing = rows.filter(({ state }) => state !== 'returned' && state !== 'withdrawn');
  return new Set(standing.map(({ id }) => id));
}

async function findRepeatedNumbers(
  house: House,
  work: ImportColumns,
  rows: readonly ReadRow[],
  known: Map<number, KnownRow>,
): Promise<void> {
  const keys = rows.flatMap(({ numberKey }) => numberKey ?? []);
  if (keys.length === 0) return;
  const before = await readRows(house.db.rows.importRows, {
    where: { importId: work.id, outcome: 'accepted', numberKey: keys },
    attributes: ['sheetRow', 'numberKey'],
  });
  const first = new Map(before.map(({ numberKey, sheetRow }) => [numberKey ?? '', sheetRow]));
  for (const { line, numberKey } of rows) {
    const row = numberKey === undefined ? undefined : first.get(numberKey);
    if (row !== undefined && !known.has(line.row))
      known.set(line.row, repeated(line.row, row, 'LICENCE_NUMBER_DUPLICATE'));
  }
}
