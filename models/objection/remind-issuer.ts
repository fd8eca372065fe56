/** The bureau reminds the issuer (催办) of an objection that waits. It cannot give more time: the law knows no extension. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { lockObjection } from './lock-objection.ts';
import { OPEN_STATES } from './objection-words.ts';
import { recordEvents } from './record-events.ts';
import { BUREAU, requireSide } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const reminderSchema = z.strictObject({ words: writtenText(1000, 4) });

/** Throws `NOT_FOUND`, `STATE_CONFLICT` once it is closed. */
export async function remindIssuer(
  house: House,
  caller: Caller,
  number: string,
  { words }: z.infer<typeof reminderSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, ...BUREAU);
  return withTransaction(house.db, async (tx) => {
    const held = await lockObjection(house, tx, caller, number);
    const row = requireSide(caller, held?.objection, 'bureau');
    const open: readonly string[] = OPEN_STATES;
    if (!open.includes(row.state)) throw new Fault('STATE_CONFLICT', { detail: row.state });
    const event = { objectionId: row.id, act: 'reminded', side: 'bureau', words } as const;
    const [stage = ''] = await recordEvents(house, tx, caller, [event]);
    const told = { kind: 'objection.reminded', subjectId: number, stage, facts: { state: row.state } } as const;
    await tellRecipients(house, tx, [{ to: `body:${row.issuingBody}`, ...told }]);
    const view = await viewObjection(house, row, 'bureau', tx);
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, { act: 'objection.remind', licenceId: row.licenceId, details: { number } });
    return view;
  });
}
