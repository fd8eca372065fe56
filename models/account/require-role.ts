/** Who may: the caller holds one of these roles (systems: scopes). The repository itself may do its own acts. */
import type { Caller } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Role } from './roles.ts';

/** Throws `UNAUTHENTICATED` for a caller without an account, `FORBIDDEN` without the role. */
export function requireRole(caller: Caller, ...roles: readonly Role[]): void {
  if (caller.type === 'house') return;
  if (caller.type === 'public') throw new Fault('UNAUTHENTICATED');
  if (!roles.some((role) => caller.roles.includes(role))) throw new Fault('FORBIDDEN');
}

/** The body the caller acts for. Throws `FORBIDDEN` for a caller without one. */
export function requireOrganisation(caller: Caller): string {
  if (!caller.organisationCode) throw new Fault('FORBIDDEN');
  return caller.organisationCode;
}
