/** Bring both sides to the same: send again, or note what the province has removed; each with its entry in the log. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { addAllToOutbox } from '../store/outbox/add-to-outbox.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { type ProvinceSubject, stateKeyOf } from './followed.ts';
import { markInTree } from './tree-marks.ts';

/** What a comparison has found. */
export interface FoundDifference {
  readonly kind: string;
  /** As the province calls it. */
  readonly subject: string;
}

export interface Resend extends FoundDifference {
  readonly own: ProvinceSubject;
}

/** Send once more what does not wait already. @returns the subjects that were queued */
export async function sendAgain(
  house: House,
  caller: Caller,
  comparisonId: string,
  items: readonly Resend[],
): Promise<ReadonlySet<string>> {
  if (items.length === 0) return new Set();
  const { provinceStates } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const waiting = await findWaiting(
      house,
      items.map(({ own }) => own),
      tx,
    );
    const queued = items.filter(({ own }) => !waiting.has(stateKeyOf(own)));
    const now = house.clock();
    // Nothing counts as acknowledged: whatever is held there is to be replaced.
    const again = { acknowledgedSequence: 0, state: 'waiting' as const, reason: null, since: now, updatedAt: now };
    const where = { id: { [Op.in]: queued.map(({ own }) => stateKeyOf(own)) } };
    await provinceStates.update(again, { where, transaction: tx });
    const messages = queued.map(({ own }) => ({
      topic: 'province',
      subject: stateKeyOf(own),
      payload:
        own.type === 'licence'
          ? { licenceId: own.id, sequence: own.sequence }
          : { catalogueCode: own.id, version: own.sequence },
    }));
    await addAllToOutbox(house, tx, messages);
    const entries = queued.map(({ own, subject, kind }) => ({
      act: 'exchange.repair' as const,
      licenceId: own.type === 'licence' ? own.id : null,
      details: { comparisonId, subject, kind, repair: 'sent-again', sequence: own.sequence },
    }));
    await appendAudits(house, tx, caller, entries);
    return new Set(queued.map(({ subject }) => subject));
  });
}

/** The keys of those on their way: in the outbox, or handed over and not answered yet. */
export async function findWaiting(
  house: House,
  subjects: readonly Pick<ProvinceSubject, 'type' | 'id'>[],
  tx?: Tx,
): Promise<Set<string>> {
  const { outbox, provinceStates } = house.db.rows;
  const keys = subjects.map(stateKeyOf);
  const mine = { [Op.in]: keys };
  const messages = await readRows(outbox, {
    where: { topic: 'province', subject: mine, state: 'waiting' },
    attributes: ['subject'],
    tx,
  });
  const handedOver = await readRows(provinceStates, { where: { id: mine, state: 'pending' }, attributes: ['id'], tx });
  return new Set([...messages.map(({ subject }) => subject), ...handedOver.map(({ id }) => id)]);
}

export interface Withdrawn extends FoundDifference {
  /** What was held there. */
  readonly sequence: number;
  readonly digest: string;
  readonly outcome: string;
}

/** The province was asked to remove these. */
export async function noteWithdrawn(
  house: House,
  caller: Caller,
  comparisonId: string,
  items: readonly Withdrawn[],
): Promise<void> {
  if (items.length === 0) return;
  await withTransaction(house.db, async (tx) => {
    const gone = items.filter(({ outcome }) => outcome !== 'differs');
    const marks = gone.map(({ subject }) => ({
      ...{ subject, subjectType: subject.startsWith('licence:') ? ('licence' as const) : ('catalogue' as const) },
      ...{ subjectId: '', sequence: null, digest: null },
    }));
    await markInTree(house, tx, marks);
    const entries = items.map(({ subject, kind, sequence, digest, outcome }) => ({
      act: 'exchange.repair' as const,
      outcome: outcome === 'differs' ? ('failed' as const) : ('done' as const),
      details: { comparisonId, subject, kind, repair: outcome, sequence, digest },
    }));
    await appendAudits(house, tx, caller, entries);
  });
}

/** What is found and not repaired by itself, because it is the city's own record that is in doubt, or the province's word. */
export async function logUnrepaired(
  house: House,
  caller: Caller,
  comparisonId: string,
  found: readonly FoundDifference[],
): Promise<void> {
  if (found.length === 0) return;
  const entries = found.map(({ subject, kind }) => ({
    act: 'exchange.repair' as const,
    outcome: 'failed' as const,
    details: { comparisonId, subject, kind, repair: 'none' },
  }));
  await withTransaction(house.db, async (tx) => void (await appendAudits(house, tx, caller, entries)));
  for (const { subject, kind } of found) house.log.error({ comparisonId, subject, kind }, 'difference not repaired');
}
