/** Inspection online (网络年检): the holder declares what is asked for; the department decides. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { InspectionState } from './rows.ts';
import { type InspectionView, STATEMENT, viewInspection } from './view-inspection.ts';

export const inspectionStatementSchema = z.strictObject({
  text: writtenText(4000, 4),
  /** By name: what the department's form asks for. */
  facts: z
    .record(writtenText(60), writtenText(500))
    .refine((facts) => Object.keys(facts).length <= 50, 'at most 50')
    .default({}),
});

/** A late one may still be declared, so that the department can pass it; it stays missed until then. */
const OPEN: readonly InspectionState[] = ['due', 'submitted', 'missed', 'failed'];

/** Throws `NOT_FOUND` for another holder's, `STATE_CONFLICT` for one that is settled for good. */
export async function submitStatement(
  house: House,
  caller: Caller,
  inspectionId: string,
  statement: z.infer<typeof inspectionStatementSchema>,
  remember?: Remember<InspectionView>,
): Promise<InspectionView> {
  requireRole(caller, 'holder');
  const { holderId } = caller;
  const { inspections, licenceHolders } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const found = await inspections.findByPk(inspectionId, { transaction: tx, lock: true });
    const link = found &&
      holderId && { where: { licenceId: found.licenceId, holderId }, attributes: ['id'], transaction: tx };
    if (!found || !link || !(await licenceHolders.findOne(link))) throw new Fault('NOT_FOUND');
    const row = found.get();
    if (!OPEN.includes(row.state)) throw new Fault('STATE_CONFLICT', { detail: row.state });
    const now = house.clock();
    const inTime = row.state === 'due' && toShanghaiDate(now) <= row.closesOn;
    const changes = {
      ...{ state: inTime ? ('submitted' as const) : row.state, submittedAt: now },
      statement: house.cipher.encrypt(STATEMENT, JSON.stringify(statement)),
    };
    await found.update(changes, { transaction: tx });
    const view = viewInspection(house, { ...row, ...changes });
    await remember?.(tx, view);
    const { licenceId, year } = row;
    await appendAudit(house, tx, caller, { act: 'inspection.submit', licenceId, details: { year, inTime } });
    return view;
  });
}
