/** The use behind a use code (用证码), for its own caller and while it lasts. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import type { MatterColumns, UseColumns } from './rows.ts';

export const CONSUMER_ROLES = ['consumer.window', 'consumer.approver'] as const;

export interface BoundUse {
  readonly use: UseColumns;
  readonly matter: MatterColumns;
}

/** Throws `USE_UNKNOWN`, `USE_EXPIRED`. */
export async function getUse(house: House, caller: Caller, useCode: string): Promise<BoundUse> {
  requireRole(caller, ...CONSUMER_ROLES);
  const { uses, matters } = house.db.rows;
  const use = await uses.findOne({ where: { codeDigest: sm3Hex(useCode) } });
  if (!use || use.callerId !== caller.id || use.organisationCode !== caller.organisationCode)
    throw new Fault('USE_UNKNOWN');
  if (use.expiresAt <= house.clock()) throw new Fault('USE_EXPIRED');
  const matter = await matters.findOne({ where: { code: use.matterCode, organisationCode: use.organisationCode } });
  if (!matter) throw new Fault('USE_UNKNOWN');
  return { use: use.get(), matter: matter.get() };
}
