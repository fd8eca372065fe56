/** Answer a write once: the first answer to an Idempotency-Key is kept with the act and replayed ever after. An answer may
 *  carry what is nowhere else kept in clear (a new secret, a use code), so it is kept encrypted. */

import type { House } from '../../house.ts';
import { sm3Hex } from '../../kernel/digest.ts';
import { Fault } from '../../kernel/fault.ts';
import { isDeadOwner, processOwner } from '../../kernel/process-owner.ts';
import { isDuplicate, type Tx, withTransaction } from '../with-transaction.ts';

export interface StoredAnswer {
  readonly status: number;
  /** The body as it left, byte for byte. */
  readonly body: string;
}

export interface IdempotentRequest {
  readonly callerId: string;
  readonly key: string;
  /** SM3 over method, path and body. */
  readonly requestDigest: string;
}

/** While this lasts, and its process lives, another request with the same key is told to wait. */
const LEASE_MS = 60_000;
const BODY = 'idempotency_keys.body';

/** Run `act` unless its answer is known. `act` must call `remember` in the transaction that decides; if it throws, the key
 *  is free again, because nothing was done. Throws `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_IN_PROGRESS`. */
export async function answerOnce(
  house: House,
  request: IdempotentRequest,
  act: (remember: (tx: Tx, answer: StoredAnswer) => Promise<void>) => Promise<StoredAnswer>,
): Promise<{ readonly answer: StoredAnswer; readonly replayed: boolean }> {
  const id = idOf(request);
  const opened = await open(house, id, request.requestDigest);
  if ('answer' in opened) return { answer: opened.answer, replayed: true };
  // Whoever took the key over has another lease: an act that was too slow neither answers nor frees it.
  const mine = { id, state: 'open' as const, lockedUntil: opened.lockedUntil };
  const { idempotencyKeys } = house.db.rows;
  try {
    const answer = await act(async (tx, { status, body }) => {
      const kept = {
        state: 'answered' as const,
        status,
        body: house.cipher.encrypt(BODY, body),
        lockedUntil: null,
        owner: null,
      };
      const [count] = await idempotencyKeys.update(kept, { where: mine, transaction: tx });
      if (count !== 1) throw new Fault('IDEMPOTENCY_IN_PROGRESS');
    });
    return { answer, replayed: false };
  } catch (error) {
    await withTransaction(house.db, (tx) => idempotencyKeys.destroy({ where: mine, transaction: tx }));
    throw error;
  }
}

/** Will this request be given the answer it had? */
export async function hasAnswer(
  house: House,
  { callerId, key }: Pick<IdempotentRequest, 'callerId' | 'key'>,
): Promise<boolean> {
  const where = { id: idOf({ callerId, key }), state: 'answered' as const };
  return (await house.db.rows.idempotencyKeys.count({ where })) > 0;
}

const idOf = ({ callerId, key }: Pick<IdempotentRequest, 'callerId' | 'key'>) => sm3Hex(callerId, '\0', key);

type Opened = { readonly answer: StoredAnswer } | { readonly lockedUntil: Date };

async function open(house: House, id: string, requestDigest: string): Promise<Opened> {
  const { idempotencyKeys } = house.db.rows;
  const now = house.clock();
  const lockedUntil = new Date(now.getTime() + LEASE_MS);
  const owner = processOwner();
  try {
    return await withTransaction(house.db, async (tx) => {
      const row = await idempotencyKeys.findByPk(id, { transaction: tx, lock: true });
      if (!row) {
        await idempotencyKeys.create(
          { id, requestDigest, state: 'open', status: null, body: null, lockedUntil, owner, createdAt: now },
          { transaction: tx },
        );
        return { lockedUntil };
      }
      if (row.requestDigest !== requestDigest) throw new Fault('IDEMPOTENCY_KEY_REUSED');
      if (row.state === 'answered')
        return { answer: { status: row.status ?? 200, body: house.cipher.decrypt(BODY, row.body ?? '') } };
      const held = row.lockedUntil !== null && row.lockedUntil > now && !isDeadOwner(row.owner ?? '');
      if (held) throw new Fault('IDEMPOTENCY_IN_PROGRESS');
      await row.update({ lockedUntil, owner }, { transaction: tx });
      return { lockedUntil };
    });
  } catch (error) {
    // Two first requests at once: the other one won.
    throw isDuplicate(error) ? new Fault('IDEMPOTENCY_IN_PROGRESS') : error;
  }
}
