/** The record of every use of a seal's keys: begun before a key is used, closed with what came of it. What was begun and
 *  never closed is accounted for as void. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { SealUseColumns } from './rows.ts';

export interface SealInUse {
  readonly sealId: string;
  /** None when a service presses the seal. */
  readonly keyIds: readonly string[];
}

export interface SealUse extends SealInUse {
  readonly subject: SealUseColumns['subject'];
  /** The sealing intent, or the review rule. */
  readonly subjectId: string;
  readonly onBehalfOf: string;
}

/** In the transaction after which the key is used. A seal that was frozen, revoked or renewed since it was opened is refused:
 *  throws `SEAL_FROZEN`, `SEAL_MISSING`. The keys themselves are counted by key-use.ts. */
export async function beginSealUse(house: House, tx: Tx, caller: Caller, use: SealUse): Promise<void> {
  const { seals, sealUses } = house.db.rows;
  const columns = { attributes: ['state'], transaction: tx, lock: tx.LOCK.SHARE };
  const seal = await seals.findByPk(use.sealId, columns);
  if (seal?.state === 'frozen') throw new Fault('SEAL_FROZEN');
  if (seal?.state !== 'active') throw new Fault('SEAL_MISSING');
  const { sealId, keyIds, subject, subjectId, onBehalfOf } = use;
  await sealUses.create(
    {
      ...{ sealId, keyIds, subject, subjectId, onBehalfOf },
      id: house.newId(),
      actorType: caller.type,
      actor: caller.id,
      organisationCode: caller.type === 'house' ? null : caller.organisationCode,
      outcome: 'begun',
      usedAt: house.clock(),
      endedAt: null,
    },
    { transaction: tx },
  );
}

/** Together with what came of it. A use that is closed already stays as it is. */
export async function closeSealUse(
  house: House,
  tx: Tx,
  { subject, subjectId }: Pick<SealUse, 'subject' | 'subjectId'>,
  outcome: 'done' | 'voided',
): Promise<void> {
  const where = { subject, subjectId, outcome: 'begun' as const };
  await house.db.rows.sealUses.update({ outcome, endedAt: house.clock() }, { where, transaction: tx });
}

/** Longer than any signing may take. */
const ABANDONED_AFTER_MS = 60_000;

/** Void the uses for review rules that were begun by a process that ended before it closed them. Those for licences are closed
 *  with their intents. Gives how many. */
export async function sweepSealUses(house: House): Promise<number> {
  const { sealUses } = house.db.rows;
  const usedAt = { [Op.lt]: new Date(house.clock().getTime() - ABANDONED_AFTER_MS) };
  const where = { subject: 'review-rule' as const, outcome: 'begun' as const, usedAt };
  if ((await sealUses.count({ where })) === 0) return 0;
  return withTransaction(house.db, async (transaction) => {
    const [voided] = await sealUses.update({ outcome: 'voided', endedAt: house.clock() }, { where, transaction });
    return voided;
  });
}
