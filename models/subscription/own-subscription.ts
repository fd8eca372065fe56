/** Whose subscriptions a caller may see and change: the bureau and the administrators of the system all, others their own
 *  body's. What is not theirs looks as if it did not exist. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Row } from '../store/define-table.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { SubscriptionColumns } from './rows.ts';

const OF_ALL = ['bureau.officer', 'admin.system'] as const;
const OF_OWN = ['issuer.clerk', 'issuer.reviewer', 'consumer.approver'] as const;

/** Undefined: all bodies. Throws `FORBIDDEN`. */
export function subscribingBody(caller: Caller): string | undefined {
  requireRole(caller, ...OF_ALL, ...OF_OWN);
  if (caller.type === 'house' || OF_ALL.some((role) => caller.roles.includes(role))) return undefined;
  return requireOrganisation(caller);
}

/** Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function getOwnSubscription(
  house: House,
  caller: Caller,
  id: string,
  tx?: Tx,
): Promise<Row<SubscriptionColumns>> {
  const body = subscribingBody(caller);
  const row = await house.db.rows.subscriptions.findByPk(id, tx ? { transaction: tx, lock: true } : {});
  if (!row || (body !== undefined && row.organisationCode !== body)) throw new Fault('NOT_FOUND');
  return row;
}
