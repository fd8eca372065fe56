/** Answer an objection: the issuer's reviewer upholds or rejects it, with reason (M-20). Its clock stops; when it is upheld, the clock of
 *  the correction starts. An answer that comes too late is taken with the reason why, and its lateness kept. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findClocks } from '../deadline/find-clocks.ts';
import { meetDeadlines, openDeadline } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { escalateWhenLate } from './escalate-when-late.ts';
import { lockObjection, updateObjection } from './lock-objection.ts';
import { publishDispute } from './publish-dispute.ts';
import { recordEvents } from './record-events.ts';
import type { ObjectionColumns } from './rows.ts';
import { recipientsOf, requireSide } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const answerSchema = z.strictObject({
  outcome: z.enum(['upheld', 'rejected']),
  answer: writtenText(4000, 4),
  /** Why it comes late; only of one that does. */
  lateReason: writtenText(500, 4).optional(),
});
type Answer = z.infer<typeof answerSchema>;

const MINUTE_MS = 60_000;

/** Throws `NOT_FOUND` for another issuer's, `STATE_CONFLICT` for one that is no longer open, `SELF_ANSWER` for who filed it,
 *  `LATE_REASON_REQUIRED`. */
export async function answerObjection(
  house: House,
  caller: Caller,
  number: string,
  input: Answer,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'issuer.reviewer');
  return withTransaction(house.db, async (tx) => {
    const held = await lockObjection(house, tx, caller, number);
    const objection = requireSide(caller, held?.objection, 'issuer');
    if (!held || objection.state !== 'filed') throw new Fault('STATE_CONFLICT', { detail: objection.state });
    if (objection.filedBy === caller.id) throw new Fault('SELF_ANSWER');
    const { licence } = held;
    const now = house.clock();
    const late = await judgeLateness(house, tx, caller, objection, input);
    const escalated = await escalateWhenLate(house, tx, objection, 'answer');
    await meetDeadlines(house, tx, [objection.id], now);
    const upheld = input.outcome === 'upheld';
    const row = await updateObjection(house, tx, escalated, {
      ...{ state: input.outcome, answer: input.answer, answeredBy: caller.id, answeredAt: now, ...late },
      answeredSequence: licence.sequence,
      ...(upheld ? { correctionId: await openCorrection(house, tx, objection) } : { openKey: null }),
    });
    const { id: objectionId } = row;
    const reviewedIt = await hasReviewed(house, tx, caller, licence.id);
    const details = {
      ...(late.lateMinutes ? { lateMinutes: late.lateMinutes } : {}),
      ...(reviewedIt ? { reviewedIt } : {}),
    };
    const event = { objectionId, act: input.outcome, side: 'issuer', words: input.answer, details } as const;
    await recordEvents(house, tx, caller, [event]);
    if (!upheld) await publishDispute(house, tx, caller, { licence, objectionId, act: 'closed' });
    const told = {
      kind: 'objection.answered',
      subjectId: number,
      stage: 'answered',
      facts: { outcome: row.state },
    } as const;
    await tellRecipients(
      house,
      tx,
      recipientsOf(row.party).map((to) => ({ to, ...told })),
    );
    const view = await viewObjection(house, row, 'issuer', tx);
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, {
      ...{ act: 'objection.answer', licenceId: row.licenceId },
      details: { number, outcome: input.outcome, ...details },
    });
    return view;
  });
}

/** The reason that was given of the clock itself counts as well; what is given here stands with the clock too. */
async function judgeLateness(
  house: House,
  tx: Tx,
  caller: Caller,
  { id: subjectId }: ObjectionColumns,
  { lateReason: given }: Answer,
): Promise<Pick<ObjectionColumns, 'lateMinutes' | 'lateReason'>> {
  const lateReasonAt = house.clock();
  const clock = (await findClocks(house, [subjectId], tx)).get(subjectId);
  const overMs = clock ? lateReasonAt.getTime() - clock.dueAt.getTime() : 0;
  if (overMs <= 0) return { lateMinutes: null, lateReason: null };
  const { deadlines } = house.db.rows;
  const row = await deadlines.findOne({ where: { subjectId }, transaction: tx });
  const lateReason = given ?? row?.lateReason;
  if (!lateReason)
    throw new Fault('REQUEST_INVALID', { errors: [{ pointer: '/lateReason', code: 'LATE_REASON_REQUIRED' }] });
  const reason = { lateReason, lateReasonBy: caller.id, lateReasonAt };
  await deadlines.update(reason, { where: { subjectId, lateReason: null }, transaction: tx });
  return { lateMinutes: Math.floor(overMs / MINUTE_MS), lateReason };
}

/** What the correction's clock runs for. */
async function openCorrection(house: House, tx: Tx, { issuingBody }: ObjectionColumns): Promise<string> {
  const subjectId = house.newId();
  const clock = { kind: 'correction', subjectId, organisationCode: issuingBody, startedAt: house.clock() } as const;
  await openDeadline(house, tx, { ...clock, workingDays: house.correctionDays });
  return subjectId;
}

/** Small departments have one reviewer: that somebody judges their own work is not refused, but it is on record. */
async function hasReviewed(house: House, tx: Tx, caller: Caller, licenceId: string): Promise<boolean> {
  const where = { licenceId, reviewerId: caller.id, decision: 'approved' as const };
  return Boolean(await house.db.rows.reviews.findOne({ where, attributes: ['id'], transaction: tx }));
}
