/** Who sees what of supervision: the bureau all, a body its own. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller } from '../house.ts';

export const BUREAU = ['bureau.officer', 'bureau.supervisor'] as const;
/** Issuers and consumers are supervised alike (第二十八条). */
export const SUPERVISED = ['issuer.clerk', 'issuer.reviewer', 'consumer.approver'] as const;

export function seesAll({ type, roles }: Caller): boolean {
  return type === 'house' || BUREAU.some((role) => roles.includes(role));
}

/** The body to which the caller is bound; undefined for the bureau. Throws `FORBIDDEN`. */
export function requireReader(caller: Caller): string | undefined {
  requireRole(caller, ...BUREAU, ...SUPERVISED);
  return seesAll(caller) ? undefined : requireOrganisation(caller);
}
