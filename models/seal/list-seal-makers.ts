/** The list of makers of seals, accepted and withdrawn. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { SEAL_READERS } from './may-see-seal.ts';
import { type SealMakerView, viewSealMaker } from './seal-makers.ts';

export async function listSealMakers(house: House, caller: Caller, request: PageRequest): Promise<Page<SealMakerView>> {
  requireRole(caller, ...SEAL_READERS);
  await logAccess(house, caller, { act: 'seal.read' });
  const limit = pageLimit(request);
  const rows = await house.db.rows.sealMakers.findAll({
    where: request.after ? { id: { [Op.lt]: request.after } } : {},
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  return toPage(
    rows.map((row) => viewSealMaker(row.get())),
    limit,
    ({ makerId }) => makerId,
  );
}
