/** Name who of the issuer handles an objection; named anew, the newest does. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { lockObjection, updateObjection } from './lock-objection.ts';
import { OPEN_STATES } from './objection-words.ts';
import { recordEvents } from './record-events.ts';
import { HANDLERS, requireSide } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const handlerSchema = z.strictObject({
  /** User id. */
  handler: z.string().min(1).max(64),
});

/** Throws `NOT_FOUND` for another issuer's, `STATE_CONFLICT` once it is closed, `HANDLER_UNKNOWN`. */
export async function assignObjection(
  house: House,
  caller: Caller,
  number: string,
  { handler }: z.infer<typeof handlerSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, ...HANDLERS);
  return withTransaction(house.db, async (tx) => {
    const held = await lockObjection(house, tx, caller, number);
    const objection = requireSide(caller, held?.objection, 'issuer');
    const open: readonly string[] = OPEN_STATES;
    if (!open.includes(objection.state)) throw new Fault('STATE_CONFLICT', { detail: objection.state });
    const user = await house.db.rows.users.findByPk(handler, { transaction: tx });
    const able =
      user?.state === 'active' &&
      user.organisationCode === objection.issuingBody &&
      HANDLERS.some((role) => user.roles.includes(role));
    if (!able) throwFaults([{ pointer: '/handler', code: 'HANDLER_UNKNOWN' }]);
    const row = await updateObjection(house, tx, objection, { handler, assignedAt: house.clock() });
    const event = { objectionId: row.id, act: 'assigned', side: 'issuer', details: { handler } } as const;
    await recordEvents(house, tx, caller, [event]);
    const view = await viewObjection(house, row, 'issuer', tx);
    await remember?.(tx, view);
    const details = { number, handler };
    await appendAudit(house, tx, caller, { act: 'objection.assign', licenceId: row.licenceId, details });
    return view;
  });
}
