/** An intent that will not be finished is voided with a reason; its identifier is never used again, and the licence waits
 *  for sealing anew. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { closeSealUse } from '../seal/seal-use.ts';
import { withTransaction } from '../store/with-transaction.ts';

/** True when it was this call that voided it. */
export async function voidIntent(house: House, caller: Caller, intentId: string, reason: string): Promise<boolean> {
  return withTransaction(house.db, async (tx) => {
    const { intents, licences } = house.db.rows;
    const row = await intents.findByPk(intentId, { transaction: tx, lock: true });
    if (row?.state !== 'intended') return false;
    await row.update({ state: 'voided', reason, endedAt: house.clock() }, { transaction: tx });
    await closeSealUse(house, tx, { subject: 'licence', subjectId: intentId }, 'voided');
    const where = { id: row.licenceId, state: 'sealing' as const };
    await licences.update({ state: 'reviewed', updatedAt: house.clock() }, { where, transaction: tx });
    const details = { intentId, identifier: row.identifier, reason };
    await appendAudit(house, tx, caller, { act: 'licence.void-intent', licenceId: row.licenceId, details });
    return true;
  });
}
