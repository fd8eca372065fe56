/** Open the windows whose day has come, and make an inspection for each licence that is due in them, some hundred at a time. Whatever
 *  ends a process in between, the next goes on behind the last licence, and nothing is made twice. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { type FirstIssues, findFirstIssues } from './first-issues.ts';
import { tellHolders, windowNotice } from './inspection-notices.ts';
import { isInspectedIn, openingAfter, yearOf } from './policy.ts';
import type { InspectionColumns, InspectionWindowColumns } from './rows.ts';

const PORTION = 500;
/** A reminder comes so many days before the window closes. */
const REMINDED_DAYS = 30;

/** One window, if one is due. True when there was one. */
export async function openNextWindow(house: House): Promise<boolean> {
  const { inspectionPlans, inspectionWindows } = house.db.rows;
  const today = toShanghaiDate(house.clock());
  return withTransaction(house.db, async (tx) => {
    const plan = await inspectionPlans.findOne({
      where: { nextOn: { [Op.lte]: today } },
      order: [
        ['nextOn', 'ASC'],
        ['id', 'ASC'],
      ],
      transaction: tx,
      lock: true,
    });
    if (!plan) return false;
    const { id: catalogueCode, issuingBody, policy, nextOn: opensOn } = plan.get();
    const year = yearOf(opensOn);
    const window: InspectionWindowColumns = {
      ...{ id: `${catalogueCode}:${year}`, catalogueCode, issuingBody, year, opensOn, policy },
      ...{ closesOn: `${year}-${policy.closes}`, state: 'filling', filledTo: '', openedAt: house.clock() },
    };
    await insertMissing(house.db, tx, inspectionWindows, 'id', [window]);
    await plan.update({ nextOn: openingAfter(policy, opensOn) }, { transaction: tx });
    return true;
  });
}

/** The next portion of licences of a window that is not filled yet. Gives how many became due; undefined: every window is filled. */
export async function fillWindow(house: House): Promise<number | undefined> {
  const { inspectionWindows, inspections } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const row = await inspectionWindows.findOne({
      where: { state: 'filling' },
      order: [['id', 'ASC']],
      transaction: tx,
      lock: true,
    });
    if (!row) return undefined;
    const window = row.get();
    const licences = await readLicences(house, tx, window);
    const first = await findFirstIssues(house, tx, licences);
    const due = licences
      .filter((licence) => isDue(window, licence, first))
      .map((one) => composeDue(house, window, one));
    await insertMissing(house.db, tx, inspections, 'id', due);
    if (window.filledTo === '') await tellRecipients(house, tx, [windowNotice(window, 'inspection.due', 'opened')]);
    await tellHolders(house, tx, due, 'inspection.due', 'opened');
    const last = licences.at(-1)?.id;
    const filled = licences.length < PORTION || last === undefined;
    await row.update(filled ? { state: 'open' } : { filledTo: last }, { transaction: tx });
    return due.length;
  });
}

async function readLicences(
  house: House,
  tx: Tx,
  { catalogueCode, filledTo }: InspectionWindowColumns,
): Promise<LicenceColumns[]> {
  return readRows(house.db.rows.licences, {
    where: { catalogueCode, id: { [Op.gt]: filledTo } },
    order: [['id', 'ASC']],
    limit: PORTION,
    tx,
  });
}

/** Issued here, in its first version, before the window opened, and not ended; what a province returned is inspected where it was issued. */
function isDue(
  { policy, year, opensOn }: InspectionWindowColumns,
  { id, state, status, source, validTo, ...licence }: LicenceColumns,
  first: FirstIssues,
): boolean {
  const issuedOn = first.get(id) ?? licence.issuedOn;
  if (state !== 'issued' || source === 'province' || issuedOn === null) return false;
  if (status !== 'valid' && status !== 'suspended') return false;
  if (validTo !== null && validTo < opensOn) return false;
  return issuedOn < opensOn && isInspectedIn(policy, issuedOn, year);
}

function composeDue(
  house: House,
  { catalogueCode, issuingBody, year, opensOn, closesOn, policy }: InspectionWindowColumns,
  { id: licenceId }: LicenceColumns,
): InspectionColumns {
  const now = house.clock();
  const remindOn = addDays(closesOn, -REMINDED_DAYS);
  // In a short window the opening was the reminder.
  const nextOn = remindOn > toShanghaiDate(now) ? remindOn : addDays(closesOn, 1);
  return {
    ...{ id: `${licenceId}:${year}`, licenceId, catalogueCode, issuingBody, year, state: 'due' as const },
    ...{ opensOn, closesOn, nextOn, onMissed: policy.onMissed, legalBasis: policy.legalBasis, suspended: false },
    ...{ statement: null, submittedAt: null, reason: null, settledBy: null, settledAt: null, createdAt: now },
  };
}
