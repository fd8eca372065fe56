/** End a session. */
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { withTransaction } from '../store/with-transaction.ts';

export async function logOut(house: House, token: string): Promise<void> {
  await withTransaction(house.db, (tx) =>
    house.db.rows.sessions.destroy({ where: { tokenDigest: sm3Hex(token) }, transaction: tx }),
  );
}
