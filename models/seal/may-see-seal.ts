/** Whose seal is it, and who may know of it: its body, the bodies it has authorised, and those who supervise. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Role } from '../account/roles.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { SealColumns } from './rows.ts';

/** They see the seals of all bodies. */
const OVERSEERS = [
  'bureau.officer',
  'bureau.supervisor',
  'auditor',
  'admin.security',
] as const satisfies readonly Role[];
const ISSUERS = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'] as const satisfies readonly Role[];
export const SEAL_READERS = [...ISSUERS, ...OVERSEERS] as const;

export function isOverseer(caller: Caller): boolean {
  return caller.type === 'house' || OVERSEERS.some((role) => caller.roles.includes(role));
}

/** Throws `NOT_FOUND` for a seal of another body: its existence is not told. */
export function requireOwnSeal(caller: Caller): (seal: Pick<SealColumns, 'organisationCode'>) => void {
  return (seal) => {
    if (seal.organisationCode !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
  };
}

/** The body itself, or the bureau for any body. Throws `NOT_FOUND`. */
export function requireOwnSealOrBureau(caller: Caller): (seal: Pick<SealColumns, 'organisationCode'>) => void {
  const isBureau = caller.type === 'house' || caller.roles.includes('bureau.officer');
  return isBureau ? () => undefined : requireOwnSeal(caller);
}

/** A seal the caller may know of. Throws `NOT_FOUND`. */
export async function findVisibleSeal(house: House, caller: Caller, sealId: string): Promise<SealColumns> {
  requireRole(caller, ...SEAL_READERS);
  const row = await house.db.rows.seals.findByPk(sealId);
  if (!row) throw new Fault('NOT_FOUND');
  if (isOverseer(caller)) return row.get();
  const organisationCode = requireOrganisation(caller);
  const isUser = await house.db.rows.sealUsers.count({ where: { sealId, organisationCode, state: 'authorised' } });
  if (row.organisationCode !== organisationCode && isUser === 0) throw new Fault('NOT_FOUND');
  return row.get();
}
