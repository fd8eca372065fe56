/** Take an objection back, as long as it has no answer. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { meetDeadlines } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { escalateWhenLate } from './escalate-when-late.ts';
import { lockObjection, updateObjection } from './lock-objection.ts';
import { publishDispute } from './publish-dispute.ts';
import { recordEvents } from './record-events.ts';
import { CONSUMERS, requireSide } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const withdrawalSchema = z.strictObject({ reason: writtenText(1000).optional() });

/** Throws `NOT_FOUND` for another's, `STATE_CONFLICT` once it is answered. */
export async function withdrawObjection(
  house: House,
  caller: Caller,
  number: string,
  { reason }: z.infer<typeof withdrawalSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'holder', ...CONSUMERS);
  return withTransaction(house.db, async (tx) => {
    const held = await lockObjection(house, tx, caller, number);
    const objection = requireSide(caller, held?.objection, 'objector');
    if (!held || objection.state !== 'filed') throw new Fault('STATE_CONFLICT', { detail: objection.state });
    const escalated = await escalateWhenLate(house, tx, objection, 'answer');
    await meetDeadlines(house, tx, [objection.id], house.clock());
    const row = await updateObjection(house, tx, escalated, { state: 'withdrawn', openKey: null });
    const { id: objectionId, issuingBody, licenceId } = row;
    await recordEvents(house, tx, caller, [{ objectionId, act: 'withdrawn', side: 'objector', words: reason }]);
    await publishDispute(house, tx, caller, { licence: held.licence, objectionId, act: 'closed' });
    const told = { kind: 'objection.withdrawn', subjectId: number, stage: 'withdrawn', facts: {} } as const;
    await tellRecipients(house, tx, [{ to: `body:${issuingBody}`, ...told }]);
    const view = await viewObjection(house, row, 'objector', tx);
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, { act: 'objection.withdraw', licenceId, details: { number } });
    return view;
  });
}
