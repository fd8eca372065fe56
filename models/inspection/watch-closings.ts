/** Go by the clock through the inspections whose day has come: remind before the window closes; afterwards, what nobody submitted is
 *  missed. It costs with what is due, and what was done is not done again. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { carryInspections } from './carry-inspections.ts';
import { type AtClosing, findAtClosing } from './find-at-closing.ts';
import { tellHolders, windowNotices } from './inspection-notices.ts';
import type { InspectionColumns } from './rows.ts';
import { type Settlement, settleInspections } from './settle-inspections.ts';

const PORTION = 200;
/** What a licence is when a new version has its place. */
const GAVE_WAY: readonly LicenceStatus[] = ['superseded', 'voided'];

export interface Watched {
  readonly reminded: number;
  readonly missed: number;
}

/** The next portion. @returns undefined when nothing is due */
export async function watchClosings(house: House, caller: Caller): Promise<Watched | undefined> {
  const today = toShanghaiDate(house.clock());
  const rows = await readRows(house.db.rows.inspections, {
    where: { nextOn: { [Op.lte]: today } },
    order: [
      ['nextOn', 'ASC'],
      ['id', 'ASC'],
    ],
    limit: PORTION,
  });
  if (rows.length === 0) return undefined;
  if (await followVersions(house, rows)) return { reminded: 0, missed: 0 };
  const standing = await findStanding(house, rows);
  const isOpen = (row: InspectionColumns) =>
    row.state === 'due' && standing.has(row.licenceId) && today <= row.closesOn;
  const open = rows.filter(isOpen);
  await remind(house, open);
  const missed = await settleLooked(
    house,
    caller,
    rows.filter((row) => !isOpen(row)),
    today,
  );
  return { reminded: open.length, missed };
}

/** A window that was filled while a new version took its former's place may have found the former alone, and the program of before
 *  carried nothing over: what is due of a licence that gave way goes on with the new version. True when there were any. */
async function followVersions(house: House, rows: readonly InspectionColumns[]): Promise<boolean> {
  const due = rows.filter(({ state }) => state === 'due' || state === 'submitted');
  const { licences } = house.db.rows;
  const where = { predecessorId: { [Op.in]: due.map(({ licenceId }) => licenceId) }, state: 'issued' as const };
  const versions = await readRows(licences, { where: { ...where, status: { [Op.in]: ['valid', 'suspended'] } } });
  const formers = await readRows(licences, {
    where: { id: { [Op.in]: versions.flatMap(({ predecessorId }) => predecessorId ?? []) } },
    attributes: ['id', 'status'],
  });
  const gone = new Set(formers.flatMap(({ id, status }) => (status && GAVE_WAY.includes(status) ? [id] : [])));
  const carried = versions.flatMap((version) =>
    version.predecessorId !== null && gone.has(version.predecessorId)
      ? [{ formerId: version.predecessorId, version }]
      : [],
  );
  if (carried.length === 0) return false;
  await withTransaction(house.db, (tx) => carryInspections(house, tx, carried));
  return true;
}

async function remind(house: House, rows: readonly InspectionColumns[]): Promise<void> {
  if (rows.length === 0) return;
  await withTransaction(house.db, async (tx) => {
    await tellRecipients(house, tx, windowNotices(rows, 'inspection.due', 'closing'));
    await tellHolders(house, tx, rows, 'inspection.due', 'closing');
    const next = rows.map(({ id, closesOn }) => ({ id, nextOn: addDays(closesOn, 1) }));
    await updateRows(house.db, tx, house.db.rows.inspections, 'id', next);
  });
}

/** Of these, the licences that are in force or suspended: only they can miss an inspection. */
async function findStanding(
  house: House,
  rows: readonly InspectionColumns[],
): Promise<ReadonlyMap<string, 'valid' | 'suspended'>> {
  const licences = await readRows(house.db.rows.licences, {
    where: { id: { [Op.in]: rows.map(({ licenceId }) => licenceId) } },
    attributes: ['id', 'status', 'validTo'],
  });
  const closes = new Map(rows.map(({ licenceId, closesOn }) => [licenceId, closesOn]));
  return new Map(
    licences.flatMap(({ id, status, validTo }) => {
      const ends = validTo !== null && validTo <= (closes.get(id) ?? '');
      return !ends && (status === 'valid' || status === 'suspended') ? [[id, status] as const] : [];
    }),
  );
}

/** Gives how many were missed. What was submitted in time waits for the department; what ended meanwhile is due no more. */
async function settleLooked(
  house: House,
  caller: Caller,
  rows: readonly InspectionColumns[],
  today: string,
): Promise<number> {
  await leaveSubmitted(
    house,
    rows.filter(({ state }) => state === 'submitted'),
  );
  const due = rows.filter(({ state }) => state === 'due');
  // One whose window is still open is here because its licence has ended.
  const closed = await findAtClosing(
    house,
    due.filter(({ closesOn }) => closesOn < today),
  );
  let missed = 0;
  for (const [issuingBody, own] of groupBy(due, (row) => row.issuingBody)) {
    const settlements = own.map((row) => judgeDue(row, closed.get(row.id)));
    const actor = { ...caller, organisationCode: issuingBody };
    await settleInspections(house, actor, settlements, async (tx, settled) => {
      const late = settled.filter(({ state }) => state === 'missed');
      await tellRecipients(house, tx, windowNotices(late, 'inspection.missed', 'closed'));
      await tellHolders(house, tx, late, 'inspection.missed', 'closed');
    });
    missed += settlements.filter(({ state }) => state === 'missed').length;
  }
  return missed;
}

async function leaveSubmitted(house: House, rows: readonly InspectionColumns[]): Promise<void> {
  if (rows.length === 0) return;
  const { inspections } = house.db.rows;
  const left = rows.map(({ id }) => ({ id, nextOn: null }));
  await withTransaction(house.db, (tx) => updateRows(house.db, tx, inspections, 'id', left));
}

function judgeDue(row: InspectionColumns, at: AtClosing | undefined): Settlement {
  if (at?.then !== 'valid' && at?.then !== 'suspended')
    return { row, state: 'lapsed', reason: '年检期内证照已失效 (the licence ended before the window closed)' };
  const bites = row.onMissed === 'suspend' && at.then === 'valid' && at.now === 'valid';
  const act = bites ? ('suspend' as const) : undefined;
  return {
    row,
    state: 'missed',
    act,
    effectiveAt: at.since,
    reason: `${row.year}年度年检逾期未办理 (annual inspection missed)`,
  };
}
