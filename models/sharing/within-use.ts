/** The reading spine of sharing: bind to person, matter and purpose; log; answer. What lies outside the bounds looks exactly
 *  like what does not exist. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { type AuditFacts, logAccess } from '../audit/append-audit.ts';
import type { AuditAct } from '../audit/audit-words.ts';
import type { Caller, House } from '../house.ts';
import { parseIdentifier } from '../identifier/licence-identifier.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { type BoundUse, getUse } from './get-use.ts';

/** What every call about one licence names. */
export const bounded = { useCode: z.string().min(10).max(64), identifier: z.string().min(10).max(200) };

export interface UsedLicence extends BoundUse {
  readonly licence: LicenceColumns;
}

/** The licences of the one person that the matter may ask for. */
export async function findWithinUse(
  house: House,
  { use, matter }: BoundUse,
  request: { readonly identifier?: string; readonly after?: string | undefined; readonly limit?: number } = {},
): Promise<LicenceColumns[]> {
  const { identifier, after, limit } = request;
  const type = use.holderType ? { type: use.holderType } : {};
  const holder = await house.db.rows.holders.findOne({ where: { numberIndex: use.holderIndex, ...type } });
  if (!holder) return [];
  const links = await house.db.rows.licenceHolders.findAll({
    where: { holderId: holder.id },
    attributes: ['licenceId'],
  });
  const rows = await house.db.rows.licences.findAll({
    where: {
      id: { [Op.in]: links.map((link) => link.licenceId), ...(after ? { [Op.lt]: after } : {}) },
      state: 'issued',
      catalogueCode: { [Op.in]: [...matter.catalogueCodes] },
      ...(identifier ? { identifier } : {}),
    },
    order: [['id', 'DESC']],
    ...(limit ? { limit } : {}),
  });
  return rows.map((row) => row.get());
}

export async function openBoundUse(house: House, caller: Caller, act: AuditAct, useCode: string): Promise<BoundUse> {
  try {
    return await getUse(house, caller, useCode);
  } catch (error) {
    await logAccess(house, caller, { act, outcome: 'refused' });
    throw error;
  }
}

/** Find one licence within the bounds of the use and log the access, refused or not, before anything is answered.
 *  Throws `CHECK_CHARACTER_WRONG` for an identifier mistyped, `NOT_FOUND` for all that is not within the bounds. */
export async function getWithinUse(
  house: House,
  caller: Caller,
  act: AuditAct,
  request: { readonly useCode: string; readonly identifier: string },
): Promise<UsedLicence> {
  const identifier = request.identifier.trim().toUpperCase();
  const bound = await openBoundUse(house, caller, act, request.useCode);
  const [licence] = parseIdentifier(identifier) ? await findWithinUse(house, bound, { identifier }) : [];
  await logAccess(house, caller, {
    ...factsOf(bound),
    act,
    outcome: licence ? 'done' : 'refused',
    licenceId: licence?.id ?? null,
    details: { useId: bound.use.id, identifier },
  });
  if (licence) return { ...bound, licence };
  if (parseIdentifier(identifier)?.checkHolds !== true)
    throwFaults([{ pointer: '/identifier', code: 'CHECK_CHARACTER_WRONG' }]);
  throw new Fault('NOT_FOUND');
}

export function factsOf({ use }: BoundUse): Omit<AuditFacts, 'act'> {
  const { caseNumber, matterCode, purpose, holderIndex } = use;
  return { caseNumber, matterCode, purpose, holderIndex };
}
