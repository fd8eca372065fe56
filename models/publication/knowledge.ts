/** Which changes a body may know of: those of licences that it issued, those of licence types that the bureau lets it know of
 *  and those of the catalogue, which is public. A matter alone opens one person's licences in one case, not the
 *  goings-on of a whole type. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';

export interface Knowledge {
  readonly all: boolean;
  readonly ownBody: string | null;
  /** Catalogue codes of others that the body is let know of. */
  readonly codes: readonly string[];
  /** Those whose next step it handles; `*` for all. */
  readonly nextStepCodes: readonly string[];
}

export async function knowledgeOf(house: House, organisationCode: string, tx?: Tx): Promise<Knowledge> {
  const grants = await house.db.rows.changeGrants.findAll({
    where: { organisationCode },
    ...(tx ? { transaction: tx } : {}),
  });
  const codes = grants.map(({ catalogueCode }) => catalogueCode);
  return {
    all: codes.includes('*'),
    ownBody: organisationCode,
    codes,
    nextStepCodes: grants.flatMap(({ catalogueCode, nextStep }) => (nextStep ? [catalogueCode] : [])),
  };
}

/** The bureau supervises all. Throws `FORBIDDEN`. */
export async function knowledgeOfCaller(house: House, caller: Caller): Promise<Knowledge> {
  const bureau = ['bureau.officer', 'bureau.supervisor'] as const;
  requireRole(caller, ...bureau, 'issuer.clerk', 'issuer.reviewer', 'consumer.window', 'consumer.approver');
  if (bureau.some((role) => caller.roles.includes(role)))
    return { all: true, ownBody: caller.organisationCode, codes: [], nextStepCodes: [] };
  return knowledgeOf(house, requireOrganisation(caller));
}
