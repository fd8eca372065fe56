/** A page of a department's own licences, newest first. */
import { Op } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { ISSUER_ROLES } from './get-own-licence.ts';
import type { LicenceState } from './states.ts';
import { type LicenceView, viewLicences } from './view-licence.ts';

export async function listOwnLicences(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly state?: LicenceState | undefined },
): Promise<Page<LicenceView>> {
  requireRole(caller, ...ISSUER_ROLES);
  const limit = pageLimit(request);
  const rows = await readRows(house.db.rows.licences, {
    where: {
      issuingBody: requireOrganisation(caller),
      ...(request.state ? { state: request.state } : {}),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit).map((row) => row.id);
  await logAccess(house, caller, {
    act: 'licence.list',
    licenceIds: shown,
    details: { state: request.state ?? null },
  });
  const { items, next } = toPage(rows, limit, ({ id }) => id);
  return { items: await viewLicences(house, items), next };
}
