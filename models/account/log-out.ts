/** End a session. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { withTransaction } from '../store/with-transaction.ts';

export async function logOut(house: House, caller: Caller, token: string): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.sessions.destroy({ where: { tokenDigest: sm3Hex(token) }, transaction: tx });
    await appendAudit(house, tx, caller, { act: 'account.logout' });
  });
}
