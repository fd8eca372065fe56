/** Seals, newest first: a body's own and those it is authorised to use; all of them for whoever oversees. */
import { Op, type WhereOptions } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { isOverseer, SEAL_READERS } from './may-see-seal.ts';
import type { SealColumns } from './rows.ts';
import type { SealState } from './seal-moves.ts';
import { type SealView, SHORT_COLUMNS, viewSeal } from './view-seal.ts';

export interface SealListRequest extends PageRequest {
  readonly state?: SealState | undefined;
  readonly organisationCode?: string | undefined;
}

export async function listSeals(house: House, caller: Caller, request: SealListRequest): Promise<Page<SealView>> {
  requireRole(caller, ...SEAL_READERS);
  const visible = await whereVisible(house, caller);
  await logAccess(house, caller, { act: 'seal.read' });
  const limit = pageLimit(request);
  const { state, organisationCode, after } = request;
  const asked = [
    ...(state ? [{ state }] : []),
    ...(organisationCode ? [{ organisationCode }] : []),
    ...(after ? [{ id: { [Op.lt]: after } }] : []),
  ];
  const rows = await house.db.rows.seals.findAll({
    where: { [Op.and]: [visible, ...asked] },
    attributes: [...SHORT_COLUMNS],
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  return toPage(rows.map(viewSeal), limit, ({ sealId }) => sealId);
}

async function whereVisible(house: House, caller: Caller): Promise<WhereOptions<SealColumns>> {
  if (isOverseer(caller)) return {};
  const organisationCode = requireOrganisation(caller);
  const users = await house.db.rows.sealUsers.findAll({
    where: { organisationCode, state: 'authorised' },
    attributes: ['sealId'],
  });
  const id = users.map(({ sealId }) => sealId);
  return id.length > 0 ? { [Op.or]: [{ organisationCode }, { id }] } : { organisationCode };
}
