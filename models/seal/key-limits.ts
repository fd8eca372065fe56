/** Say how often and how long a key may be used, and whether at all. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type KeyView, viewKey } from './key-view.ts';

/** What is left out stays as it is; null takes a limit away. */
export const keyLimitsSchema = z.strictObject({
  maxUses: z.int().min(0).nullable().optional(),
  notAfterUse: z.coerce.date().nullable().optional(),
  state: z.enum(['active', 'disabled']).optional(),
});

/** Throws `NOT_FOUND`. A limit below what is used already is taken: the key is then at its end. */
export async function setKeyLimits(
  house: House,
  caller: Caller,
  keyId: string,
  limits: z.infer<typeof keyLimitsSchema>,
  remember?: Remember<KeyView>,
): Promise<KeyView> {
  requireRole(caller, 'admin.security');
  const change = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.keys.findByPk(keyId, { transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    await row.update(change, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'key.limit', details: { keyId, ...change } });
    const view = viewKey(row.get());
    await remember?.(tx, view);
    return view;
  });
}
