/** Inspections as they stand: a department's own, all for the bureau, the holder's own for the holder. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { INSPECTION_STATES, type InspectionColumns } from './rows.ts';
import { type InspectionView, viewInspection } from './view-inspection.ts';

export const inspectionsQuery = z.strictObject({
  state: z.enum(INSPECTION_STATES).optional(),
  catalogueCode: z.string().length(21).optional(),
  year: z.coerce.number().int().min(2000).max(2999).optional(),
  after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
type Wanted = Partial<Pick<z.infer<typeof inspectionsQuery>, 'state' | 'catalogueCode' | 'year'>> & PageRequest;

export async function listInspections(house: House, caller: Caller, wanted: Wanted): Promise<Page<InspectionView>> {
  requireRole(
    caller,
    ...(['issuer.clerk', 'issuer.reviewer', 'bureau.officer', 'bureau.supervisor', 'holder'] as const),
  );
  const { state, catalogueCode, year, after } = wanted;
  const where: WhereOptions<InspectionColumns> = {
    ...(await ownOf(house, caller)),
    ...(state ? { state } : {}),
    ...(catalogueCode ? { catalogueCode } : {}),
    ...(year === undefined ? {} : { year }),
    ...(after ? { id: { [Op.gt]: after } } : {}),
  };
  const limit = pageLimit(wanted);
  const found = await readRows(house.db.rows.inspections, { where, order: [['id', 'ASC']], limit: limit + 1 });
  const { items, next } = toPage(found, limit, ({ id }) => id);
  const licenceIds = items.map(({ licenceId }) => licenceId);
  await logAccess(house, caller, { act: 'inspection.list', licenceIds });
  return { items: items.map((row) => viewInspection(house, row)), next };
}

async function ownOf(house: House, caller: Caller): Promise<WhereOptions<InspectionColumns>> {
  if (caller.roles.some((role) => role.startsWith('bureau.'))) return {};
  if (!caller.roles.includes('holder')) return { issuingBody: requireOrganisation(caller) };
  const { holderId } = caller;
  const links = holderId
    ? await readRows(house.db.rows.licenceHolders, { where: { holderId }, attributes: ['licenceId'] })
    : [];
  return { licenceId: { [Op.in]: links.map(({ licenceId }) => licenceId) } };
}
