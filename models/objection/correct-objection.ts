/** What must follow an objection that was upheld: the issuer says how it will correct the licence, and names the change that did. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import { type Caller, type House, houseCaller, type Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { CLOCK_ACTOR } from '../licence/turn-licence.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { escalateWhenLate } from './escalate-when-late.ts';
import { type HeldObjection, lockObjection, updateObjection } from './lock-objection.ts';
import { UNCORRECTED_STATES } from './objection-words.ts';
import { publishDispute } from './publish-dispute.ts';
import { recordEvents } from './record-events.ts';
import type { ObjectionColumns } from './rows.ts';
import { HANDLERS, recipientsOf, requireSide } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const correctionPlanSchema = z.strictObject({ plan: writtenText(1000, 4) });
export const correctionSchema = z.strictObject({
  /** Sequence of the licence's change record: maintained data, a change of status, or the version that took its place. Left out: the
   *  newest since the answer. */
  sequence: z.int().min(1).optional(),
});

/** Say how it will be corrected; said again, the newest counts. Throws `NOT_FOUND`, `STATE_CONFLICT`. */
export async function planCorrection(
  house: House,
  caller: Caller,
  number: string,
  { plan }: z.infer<typeof correctionPlanSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, ...HANDLERS);
  return withTransaction(house.db, async (tx) => {
    const { objection } = await holdUncorrected(house, tx, caller, number);
    const row = await updateObjection(house, tx, objection, { state: 'correcting', correctionPlan: plan });
    const event = { objectionId: row.id, act: 'correcting', side: 'issuer', words: plan } as const;
    await recordEvents(house, tx, caller, [event]);
    return finish(house, tx, caller, row, remember);
  });
}

/** Link the change that corrects it; the licence is no longer disputed for this. Throws `NOT_FOUND`, `STATE_CONFLICT`, and
 *  `CORRECTION_UNKNOWN` for a change that the licence does not have, that is older than the answer, or that the clock made. */
export async function correctObjection(
  house: House,
  caller: Caller,
  number: string,
  { sequence: named }: z.infer<typeof correctionSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, ...HANDLERS);
  return withTransaction(house.db, async (tx) => {
    const { objection, licence } = await holdUncorrected(house, tx, caller, number);
    const { act, sequence } = await requireCorrection(house, tx, objection, named);
    const now = house.clock();
    const corrected = { state: 'corrected', correctionSequence: sequence, correctedAt: now, openKey: null } as const;
    const escalated = await escalateWhenLate(house, tx, objection, 'correction');
    const row = await updateObjection(house, tx, escalated, corrected);
    if (row.correctionId) await meetDeadlines(house, tx, [row.correctionId], now);
    const event = { objectionId: row.id, act: 'corrected', side: 'issuer', details: { sequence, act } } as const;
    await recordEvents(house, tx, caller, [event]);
    await publishDispute(house, tx, caller, { licence, objectionId: row.id, act: 'closed' });
    const told = { kind: 'objection.corrected', subjectId: number, stage: 'corrected', facts: { act } } as const;
    await tellRecipients(
      house,
      tx,
      recipientsOf(row.party).map((to) => ({ to, ...told })),
    );
    return finish(house, tx, caller, row, remember);
  });
}

async function holdUncorrected(house: House, tx: Tx, caller: Caller, number: string): Promise<HeldObjection> {
  const held = await lockObjection(house, tx, caller, number);
  const { state } = requireSide(caller, held?.objection, 'issuer');
  const waiting: readonly string[] = UNCORRECTED_STATES;
  if (!held || !waiting.includes(state)) throw new Fault('STATE_CONFLICT', { detail: state });
  return held;
}

/** The change that corrects it. */
async function requireCorrection(
  house: House,
  tx: Tx,
  { licenceId, answeredSequence, answeredAt }: ObjectionColumns,
  named: number | undefined,
): Promise<{ readonly act: string; readonly sequence: number }> {
  const [change] = await readRows(house.db.rows.changes, {
    where: {
      ...{ licenceId, actor: { [Op.notIn]: [houseCaller('').id, CLOCK_ACTOR] } },
      ...(named === undefined ? {} : { sequence: named }),
    },
    order: [['sequence', 'DESC']],
    limit: 1,
    tx,
  });
  // Those answered before the sequence was kept go by the time.
  const since = (sequence: number, at: Date) =>
    answeredSequence === null ? answeredAt !== null && at >= answeredAt : sequence > answeredSequence;
  if (change && since(change.sequence, change.createdAt)) return change;
  throw new Fault('REQUEST_INVALID', { errors: [{ pointer: '/sequence', code: 'CORRECTION_UNKNOWN' }] });
}

async function finish(
  house: House,
  tx: Tx,
  caller: Caller,
  row: ObjectionColumns,
  remember: Remember<ObjectionView> | undefined,
): Promise<ObjectionView> {
  const view = await viewObjection(house, row, 'issuer', tx);
  await remember?.(tx, view);
  const { licenceId, number, state, correctionSequence: sequence } = row;
  await appendAudit(house, tx, caller, { act: 'objection.correct', licenceId, details: { number, state, sequence } });
  return view;
}
