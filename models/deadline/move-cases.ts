/** Data maintenance gives licences to other cases: the former are without them, the others count them from their arrival, as
 *  if they had carried the number from the beginning. */
import { Op } from 'sequelize';
import type { AuditFacts } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { forgetCounts } from './count-standing.ts';
import { type ClockState, findClocks } from './find-clocks.ts';
import { findFirsts, findPlaced } from './find-placed.ts';
import { type ArrivedLicence, findCases, isSheetBatch, keyOf, meetCases } from './meet-cases.ts';
import { moveClocks, reopenCases } from './reopen-cases.ts';
import type { CaseColumns } from './rows.ts';
import { stopCases } from './withdraw-case.ts';

type Maintained = ArrivedLicence & { readonly createdAt: Date };

export interface MovedLicence {
  readonly licence: Maintained;
  /** The case that it stood for before, where it was another. */
  readonly formerCase: string | null;
}

/** Their rows say already where they stand. Gives what is to be logged. */
export async function moveCases(
  house: House,
  tx: Tx,
  caller: Caller,
  moved: readonly MovedLicence[],
): Promise<readonly AuditFacts[]> {
  const left = moved.flatMap(({ licence, formerCase }) =>
    formerCase === null || formerCase === licence.caseNumber ? [] : [{ ...licence, caseNumber: formerCase }],
  );
  const licences = moved.map(({ licence }) => licence);
  await forgetCases(house, tx, [...left, ...licences]);
  await reopenCases(house, tx, left);
  await meetCases(house, tx, licences, undefined, 'earlier');
  const cases = await findCases(house, tx, licences);
  await countEarlier(house, tx, licences, cases);
  return withdrawMistaken(house, tx, caller, moved, { left: await findCases(house, tx, left), cases });
}

/** One that came before those by which its case's clock was stopped: it stops as of the first that stands, of a declared batch as of the
 *  one with which all stood. */
async function countEarlier(
  house: House,
  tx: Tx,
  licences: readonly Maintained[],
  cases: ReadonlyMap<string, CaseColumns>,
): Promise<void> {
  const concerned = [...cases.values()].filter((row) => !isSheetBatch(row));
  const firsts = await findFirsts(
    house,
    tx,
    concerned.map(({ id }) => id),
  );
  const links = concerned.flatMap(({ id, licenceId }) => {
    const first = firsts.get(id)?.licenceId ?? null;
    return first === licenceId ? [] : [{ id, licenceId: first }];
  });
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
  const stops = new Map<string, Date>();
  for (const { id, batchSize, arrived, ...row } of concerned) {
    const stand = arrived ?? undefined;
    const last = batchSize === null ? firsts.get(id) : await findPlaced(house, tx, id, batchSize, stand);
    const own = licences.filter((licence) => keyOf(licence) === keyOf(row));
    if (last && own.some((licence) => licence.id <= last.licenceId)) stops.set(id, last.at);
  }
  await moveClocks(house, tx, stops);
}

/** They stand as before, perhaps of another case: nobody counts them once more or away. */
async function forgetCases(house: House, tx: Tx, licences: readonly ArrivedLicence[]): Promise<void> {
  if (licences.length === 0) return;
  await forgetCounts(house, tx, {
    issuingBody: { [Op.in]: [...new Set(licences.map(({ issuingBody }) => issuingBody))] },
    caseNumber: { [Op.in]: [...new Set(licences.flatMap(({ caseNumber }) => caseNumber ?? []))] },
  });
}

interface Sides {
  readonly left: ReadonlyMap<string, CaseColumns>;
  readonly cases: ReadonlyMap<string, CaseColumns>;
}

/** A case that only the mistaken number of a licence made, and of which nothing else has come, was never closed: it is taken back, unless
 *  a late licence would be late no longer by it. */
async function withdrawMistaken(
  house: House,
  tx: Tx,
  caller: Caller,
  moved: readonly MovedLicence[],
  { left, cases }: Sides,
): Promise<readonly AuditFacts[]> {
  const ids = (await findEmpty(house, tx, [...left.values()])).map(({ id }) => id);
  const clocks = await findClocks(house, ids, tx);
  const mistaken = new Map<string, { readonly row: CaseColumns; readonly reason: string }>();
  const stay = new Set<string>();
  for (const { licence, formerCase } of moved) {
    const row = left.get(keyOf({ ...licence, caseNumber: formerCase }));
    const now = cases.get(keyOf(licence));
    if (!row || !ids.includes(row.id)) continue;
    if (now && staysLate(licence, row, now, clocks.get(row.id)))
      mistaken.set(row.id, { row, reason: `办件编号更正为：${now.caseNumber}` });
    else stay.add(row.id);
  }
  for (const id of stay) mistaken.delete(id);
  return stopCases(house, tx, caller, [...mistaken.values()]);
}

/** Made by an arrival, and no licence carries the number any more, nor one that was returned and is to come anew. */
async function findEmpty(house: House, tx: Tx, rows: readonly CaseColumns[]): Promise<readonly CaseColumns[]> {
  const made = rows.filter(({ source, licenceId }) => source === 'arrival' && licenceId === null);
  if (made.length === 0) return [];
  const where = { caseNumber: { [Op.in]: made.map(({ caseNumber }) => caseNumber) } };
  const attributes = ['issuingBody', 'caseNumber', 'catalogueCode'] as const;
  const carrying = await readRows(house.db.rows.licences, { where, attributes, tx });
  const carried = new Set(carrying.map(keyOf));
  return made.filter((row) => !carried.has(keyOf(row)));
}

/** It was in time, or counts from a closing that is no later. */
function staysLate(
  { createdAt }: Maintained,
  former: CaseColumns,
  now: CaseColumns,
  clock: ClockState | undefined,
): boolean {
  if (!clock || createdAt <= clock.dueAt) return true;
  return now.mode !== 'online' && toShanghaiDate(now.closedAt) <= toShanghaiDate(former.closedAt);
}
