/** Count the uses of keys, in the transaction after which they are used: what was not counted is not signed. */
import { literal, Op } from 'sequelize';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';

/** Count `times` uses of each key. All or none: throws `KEY_LIMIT_REACHED` when one of them may not be used so often, so
 *  late, or at all, and the transaction is undone with it. */
export async function recordKeyUse(house: House, tx: Tx, keyIds: readonly string[], times = 1): Promise<void> {
  if (!Number.isSafeInteger(times) || times < 1) throw new RangeError('a key is used a whole number of times');
  const id = [...new Set(keyIds)];
  if (id.length === 0) return;
  const uses = literal(`uses + ${times}`) as unknown as number;
  const [counted] = await house.db.rows.keys.update({ uses }, { where: mayUse(house, id, times), transaction: tx });
  if (counted !== id.length) throw new Fault('KEY_LIMIT_REACHED');
}

/** Whether a key may be used once more; nothing is counted. Throws `KEY_LIMIT_REACHED`. */
export async function requireUsesLeft(house: House, keyId: string): Promise<void> {
  if ((await house.db.rows.keys.count({ where: mayUse(house, [keyId], 1) })) === 0)
    throw new Fault('KEY_LIMIT_REACHED');
}

const mayUse = (house: House, id: string[], times: number) => ({
  [Op.and]: [
    { id, state: 'active' as const },
    literal(`(max_uses IS NULL OR uses + ${times} <= max_uses)`),
    { notAfterUse: { [Op.or]: [{ [Op.is]: null }, { [Op.gte]: house.clock() }] } },
  ],
});
