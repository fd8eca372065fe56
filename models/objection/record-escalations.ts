/** An objection comes before the bureau: once for its answer, once for its correction. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { tellRecipients } from '../notice/index.ts';
import type { Tx } from '../store/with-transaction.ts';
import { recordEvents } from './record-events.ts';
import type { ObjectionColumns } from './rows.ts';

/** What is awaited of the issuer, and the column that says since when it is before the bureau. */
export const MARKS = { answer: 'escalatedAt', correction: 'correctionEscalatedAt' } as const;
export type Awaited = keyof typeof MARKS;

/** Mark them, and tell the bureau and the issuer: their history, notices and the access log. */
export async function recordEscalations(
  house: House,
  tx: Tx,
  caller: Caller,
  rows: readonly ObjectionColumns[],
  awaited: Awaited,
): Promise<void> {
  if (rows.length === 0) return;
  const marked = { [MARKS[awaited]]: house.clock() };
  const where = { id: { [Op.in]: rows.map(({ id }) => id) } };
  await house.db.rows.objections.update(marked, { where, transaction: tx });
  const events = rows.map(
    ({ id }) => ({ objectionId: id, act: 'escalated', side: 'house', details: { awaited } }) as const,
  );
  await recordEvents(house, tx, caller, events);
  const notices = rows.flatMap(({ number, issuingBody }) =>
    (['bureau', `body:${issuingBody}`] as const).map(
      (to) =>
        ({
          to,
          kind: 'objection.escalated',
          subjectId: number,
          stage: awaited,
          facts: { issuingBody, awaited },
        }) as const,
    ),
  );
  await tellRecipients(house, tx, notices);
  const entries = rows.map(
    ({ licenceId, number }) => ({ act: 'objection.escalate', licenceId, details: { number, awaited } }) as const,
  );
  await appendAudits(house, tx, caller, entries);
}
