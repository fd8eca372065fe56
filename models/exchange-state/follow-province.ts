/** How far the province has followed: one row a licence or catalogue entry. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { addToOutbox } from '../store/outbox/add-to-outbox.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { ProvinceStateColumns } from './rows.ts';

export interface ProvinceSubject {
  readonly type: ProvinceStateColumns['subjectType'];
  /** Licence id or catalogue code. */
  readonly id: string;
  readonly sequence: number;
}

const keyOf = ({ type, id }: Pick<ProvinceSubject, 'type' | 'id'>) => `${type}:${id}`;

export async function findProvinceState(house: House, subject: Pick<ProvinceSubject, 'type' | 'id'>) {
  return (await house.db.rows.provinceStates.findByPk(keyOf(subject)))?.get();
}

type Change = Partial<Omit<ProvinceStateColumns, 'id' | 'subjectType' | 'subjectId'>>;

async function change(
  house: House,
  tx: Tx,
  subject: ProvinceSubject,
  values: Change,
): Promise<ProvinceStateColumns | undefined> {
  const { provinceStates } = house.db.rows;
  const id = keyOf(subject);
  const known = await provinceStates.findByPk(id, { transaction: tx, lock: true });
  const before = known?.get();
  const updatedAt = house.clock();
  if (known) {
    await known.update({ ...values, updatedAt }, { transaction: tx });
    return before && { ...before };
  }
  await provinceStates.create(
    {
      ...{ id, subjectType: subject.type, subjectId: subject.id, sentSequence: 0, acknowledgedSequence: 0 },
      ...{ digest: null, receipt: null, state: 'waiting', reason: null, ...values, updatedAt },
    },
    { transaction: tx },
  );
  return undefined;
}

/** Before a batch leaves. */
export async function noteSent(house: House, subjects: readonly ProvinceSubject[]): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    for (const subject of subjects)
      await change(house, tx, subject, { sentSequence: subject.sequence, state: 'waiting', reason: null });
  });
}

/** It does not leave: its status or its files do not hold. Logged when the reason is new. */
export async function noteHeld(house: House, caller: Caller, subject: ProvinceSubject, reason: string): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    const id = keyOf(subject);
    const known = await house.db.rows.provinceStates.findByPk(id, { transaction: tx, lock: true });
    const isNew = known?.state !== 'held' || known.reason !== reason;
    await change(house, tx, subject, { state: 'held', reason });
    if (isNew)
      await appendAudit(house, tx, caller, {
        act: 'exchange.province',
        outcome: 'failed',
        ...describe(subject, { reason }),
      });
  });
  house.log.warn({ subject: keyOf(subject), reason }, 'held back from the province');
}

/** What the province answered, and whose receipt proves it. */
export interface ProvinceAnswer {
  readonly subject: ProvinceSubject;
  readonly digest: string;
  /** Reason of a definite refusal; null when it was accepted. */
  readonly refused: string | null;
  /** The signed receipt. */
  readonly receipt: unknown;
}

export async function noteReceipt(house: House, caller: Caller, answers: readonly ProvinceAnswer[]): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    for (const { subject, digest, refused, receipt } of answers) {
      const accepted = {
        acknowledgedSequence: subject.sequence,
        digest,
        state: 'acknowledged' as const,
        reason: null,
        receipt,
      };
      await change(house, tx, subject, refused === null ? accepted : { state: 'refused', reason: refused, receipt });
      const outcome = refused === null ? 'done' : 'refused';
      await appendAudit(house, tx, caller, {
        act: 'exchange.province',
        outcome,
        ...describe(subject, refused ? { reason: refused } : {}),
      });
    }
  });
}

function describe({ type, id, sequence }: ProvinceSubject, details: Readonly<Record<string, unknown>>) {
  return { licenceId: type === 'licence' ? id : null, details: { subject: `${type}:${id}`, sequence, ...details } };
}

/** Send it once more, unless it waits already. True when it was queued. */
export async function queueAgain(house: House, subject: ProvinceSubject): Promise<boolean> {
  const { outbox } = house.db.rows;
  const key = keyOf(subject);
  return withTransaction(house.db, async (tx) => {
    if ((await outbox.count({ where: { topic: 'province', subject: key, state: 'waiting' }, transaction: tx })) > 0)
      return false;
    await change(house, tx, subject, { acknowledgedSequence: 0, state: 'waiting', reason: null });
    const payload =
      subject.type === 'licence'
        ? { licenceId: subject.id, sequence: subject.sequence }
        : { catalogueCode: subject.id, version: subject.sequence };
    await addToOutbox(house, tx, { topic: 'province', subject: key, payload });
    return true;
  });
}
