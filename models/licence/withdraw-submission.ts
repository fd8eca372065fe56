/** A department corrects what it pushed before anybody sealed it: the older submission gives way to the newer. */
import { appendAudit } from '../audit/append-audit.ts';
import { endPromises } from '../commitment/end-promises.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns } from './rows.ts';

/** Throws `STATE_CONFLICT` once it is being sealed or issued.
 *  @returns what gave way; the clocks of such cases are the caller's, for all of them at once */
export async function withdrawSubmission(
  house: House,
  tx: Tx,
  caller: Caller,
  licenceId: string,
): Promise<LicenceColumns> {
  const row = await house.db.rows.licences.findByPk(licenceId, { transaction: tx, lock: true });
  if (!row || (row.state !== 'submitted' && row.state !== 'reviewed'))
    throw new Fault('STATE_CONFLICT', { detail: row?.state ?? '' });
  await row.update(
    { state: 'returned', numberKey: null, predecessorId: null, updatedAt: house.clock() },
    { transaction: tx },
  );
  await endPromises(house, tx, caller, [licenceId], 'withdrawn');
  await appendAudit(house, tx, caller, { act: 'licence.withdraw', licenceId });
  return row.get();
}
