/** Seals of other bodies that the caller's body may use today for an entry. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';

/** Ids of the seals, whatever their state. */
export async function findAuthorisations(
  house: House,
  { organisationCode }: Pick<Caller, 'organisationCode'>,
  catalogueCode: string,
): Promise<string[]> {
  if (!organisationCode) return [];
  const today = toShanghaiDate(house.clock());
  const rows = await house.db.rows.sealUsers.findAll({
    where: { organisationCode, state: 'authorised', validFrom: { [Op.lte]: today }, validTo: { [Op.gte]: today } },
  });
  return rows
    .filter(({ catalogueCodes }) => catalogueCodes?.includes(catalogueCode) ?? true)
    .map(({ sealId }) => sealId);
}

/** May the caller's body seal licences of this issuer under this entry? */
export async function isAuthorisedToSeal(
  house: House,
  caller: Caller,
  issuingBody: string,
  catalogueCode: string,
): Promise<boolean> {
  const sealIds = await findAuthorisations(house, caller, catalogueCode);
  if (sealIds.length === 0) return false;
  return (await house.db.rows.seals.count({ where: { id: sealIds, organisationCode: issuingBody } })) > 0;
}
