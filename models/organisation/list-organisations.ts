/** The bodies of the city, with those responsible; supervision sees from it which lack them (M-28). */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { ROLES } from '../account/roles.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import type { OrganisationView } from './store-organisation.ts';

export async function listOrganisations(
  house: House,
  caller: Caller,
  request: PageRequest,
): Promise<Page<OrganisationView>> {
  requireRole(caller, ...ROLES.filter((role) => role !== 'holder'));
  await logAccess(house, caller, { act: 'organisation.read' });
  const limit = pageLimit(request);
  const { organisations, persons } = house.db.rows;
  const rows = await organisations.findAll({
    where: request.after ? { code: { [Op.gt]: request.after } } : {},
    order: [['code', 'ASC']],
    limit: limit + 1,
  });
  const people = await persons.findAll({ where: { organisationCode: { [Op.in]: rows.map((row) => row.code) } } });
  const views = rows.map((row) => {
    const { createdAt: _, ...rest } = row.get();
    const own = people.filter((person) => person.organisationCode === row.code);
    return { ...rest, persons: own.map(({ name, duty }) => ({ name, duty })) };
  });
  return toPage(views, limit, (view) => view.code);
}
