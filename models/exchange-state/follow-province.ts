/** How far the province has followed: one row a licence or catalogue entry, written for whole batches at once. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, putRows } from '../store/bulk-write.ts';
import { addToOutbox } from '../store/outbox/add-to-outbox.ts';
import type { Tx } from '../store/with-transaction.ts';
import { auditFollowing } from './audit-following.ts';
import { type Followed, type ProvinceSubject, stateKeyOf } from './followed.ts';
import { type Arrival, noteLags } from './note-lags.ts';
import { noteForMachines } from './notices.ts';
import type { ProvinceReceiptColumns, ProvinceStateColumns } from './province-rows.ts';
import { markInTree } from './tree-marks.ts';

export async function findProvinceStates(
  house: House,
  ids: readonly string[],
): Promise<Map<string, ProvinceStateColumns>> {
  const rows = await readRows(house.db.rows.provinceStates, { where: { id: { [Op.in]: [...ids] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Record outcomes and the receipts that prove them, in the transaction that settles the messages. Of each outcome that is
 *  final there is a lag; what is held or refused is told to the machine it came from. */
export async function noteFollowed(
  house: House,
  tx: Tx,
  caller: Caller,
  link: string,
  followed: readonly Followed[],
  receipts: readonly Omit<ProvinceReceiptColumns, 'link' | 'receivedAt'>[],
): Promise<void> {
  const now = house.clock();
  const { provinceStates, provinceReceipts } = house.db.rows;
  const kept = receipts.map((receipt) => ({ ...receipt, link, receivedAt: now }));
  await insertRows(house.db, tx, provinceReceipts, kept);
  await putRows(
    house.db,
    tx,
    provinceStates,
    'id',
    followed.flatMap((one) => (one.outcome === 'known' ? [] : [toRow(one, now, STATES[one.outcome])])),
  );
  const confirmed = followed.filter(({ outcome }) => outcome === 'accepted');
  await markInTree(
    house,
    tx,
    confirmed.map(({ subject: { type, id, sequence }, digest }) => ({
      ...{ subject: null, subjectType: type, subjectId: id, sequence, digest },
    })),
  );
  await noteForMachines(house, tx, followed);
  const arrived = followed.flatMap(({ outcome, arrivals }) =>
    outcome === 'accepted' || outcome === 'known' ? arrivals : [],
  );
  await noteLags(house, tx, arrived);
  await auditFollowing(house, tx, caller, link, followed, receipts);
}

/** Confirmed once, and not held there any more. */
export async function noteGone(house: House, tx: Tx, subjects: readonly ProvinceSubject[]): Promise<void> {
  const marks = subjects.map(({ type, id }) => ({
    ...{ subject: null, subjectType: type, subjectId: id, sequence: null, digest: null },
  }));
  await markInTree(house, tx, marks);
}

const STATES = {
  accepted: 'acknowledged',
  refused: 'refused',
  held: 'held',
  pending: 'pending',
  waiting: 'waiting',
} as const;

function toRow(followed: Followed, now: Date, state: ProvinceStateColumns['state']): ProvinceStateColumns {
  const { subject, issuingBody, outcome, reason, receiptId, before, arrivals } = followed;
  const unchanged = before?.state === state && before.reason === reason;
  const accepted = outcome === 'accepted';
  const left = accepted || outcome === 'pending' || outcome === 'refused';
  const oldest = oldestOf(arrivals);
  const pending = outcome === 'pending' ? oldest : undefined;
  return {
    ...{ id: stateKeyOf(subject), subjectType: subject.type, subjectId: subject.id },
    sentSequence: Math.max(before?.sentSequence ?? 0, left ? subject.sequence : 0),
    acknowledgedSequence: accepted ? subject.sequence : (before?.acknowledgedSequence ?? 0),
    // What is pending or waits keeps the digest of what is held there for certain.
    digest: accepted ? followed.digest : (before?.digest ?? null),
    receipt: before?.receipt ?? null,
    receiptId: receiptId ?? before?.receiptId ?? null,
    ...{ state, reason },
    issuingBody: issuingBody ?? before?.issuingBody ?? null,
    since: unchanged ? before.since : now,
    ...describeFailing(followed, now),
    ...{ frontEnd: pending?.frontEnd ?? null, pushedAt: pending?.pushedAt ?? null, updatedAt: now },
  };
}

/** What is refused after it was held fails anew: nobody was refused it before. */
function describeFailing(
  { outcome, before }: Followed,
  now: Date,
): Pick<ProvinceStateColumns, 'failing' | 'failingSince'> {
  if (outcome === 'accepted') return { failing: null, failingSince: null };
  const failing = outcome === 'held' || outcome === 'refused' ? outcome : (before?.failing ?? null);
  if (failing === null) return { failing, failingSince: null };
  return { failing, failingSince: before?.failing === failing ? (before.failingSince ?? now) : now };
}

function oldestOf(arrivals: readonly Arrival[]): Arrival | undefined {
  return arrivals.reduce<Arrival | undefined>(
    (oldest, one) => (!oldest || one.pushedAt < oldest.pushedAt ? one : oldest),
    undefined,
  );
}

/** Send it once more, unless it waits already. True when it was queued. */
export async function queueAgainIn(house: House, tx: Tx, subject: ProvinceSubject): Promise<boolean> {
  const { outbox, provinceStates } = house.db.rows;
  const key = stateKeyOf(subject);
  if ((await outbox.count({ where: { topic: 'province', subject: key, state: 'waiting' }, transaction: tx })) > 0)
    return false;
  const before = await provinceStates.findByPk(key, { transaction: tx, attributes: ['frontEnd', 'pushedAt'] });
  const again = { acknowledgedSequence: 0, state: 'waiting' as const, reason: null, since: house.clock() };
  await provinceStates.update({ ...again, updatedAt: house.clock() }, { where: { id: key }, transaction: tx });
  const payload =
    subject.type === 'licence'
      ? { licenceId: subject.id, sequence: subject.sequence }
      : { catalogueCode: subject.id, version: subject.sequence };
  // What was handed over and has no receipt is still on its way from where it came.
  const { frontEnd, pushedAt } = before ?? {};
  const arrival = frontEnd && pushedAt ? { frontEnd, pushedAt } : undefined;
  await addToOutbox(house, tx, { topic: 'province', subject: key, payload, arrival });
  return true;
}

/** Somebody wants a subject sent once more that was refused or held back. */
export async function replay(house: House, tx: Tx, caller: Caller, subject: ProvinceSubject): Promise<void> {
  await queueAgainIn(house, tx, subject);
  await appendAudit(house, tx, caller, {
    act: 'exchange.replay',
    licenceId: subject.type === 'licence' ? subject.id : null,
    details: { subject: stateKeyOf(subject), sequence: subject.sequence },
  });
}
