/** What a seal was used for, newest first: who, on whose behalf, when, and what came of it. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { isOverseer, requireOwnSeal } from './may-see-seal.ts';
import type { SealUseColumns } from './rows.ts';

export interface SealUseView {
  readonly useId: string;
  readonly subject: SealUseColumns['subject'];
  /** The sealing intent, or the review rule. */
  readonly subjectId: string;
  readonly keyIds: readonly string[];
  readonly actorType: SealUseColumns['actorType'];
  readonly actor: string;
  readonly organisationCode: string | null;
  readonly onBehalfOf: string;
  readonly outcome: SealUseColumns['outcome'];
  readonly usedAt: string;
  readonly endedAt: string | null;
}

/** Throws `NOT_FOUND`, also for another body's seal. */
export async function listSealUses(
  house: House,
  caller: Caller,
  sealId: string,
  request: PageRequest,
): Promise<Page<SealUseView>> {
  requireRole(caller, 'issuer.seal-keeper', 'bureau.officer', 'bureau.supervisor', 'auditor', 'admin.security');
  const seal = await house.db.rows.seals.findByPk(sealId, { attributes: ['organisationCode'] });
  if (!seal) throw new Fault('NOT_FOUND');
  if (!isOverseer(caller)) requireOwnSeal(caller)(seal);
  await logAccess(house, caller, { act: 'seal.read', details: { sealId, part: 'uses' } });
  const limit = pageLimit(request);
  const rows = await house.db.rows.sealUses.findAll({
    where: { sealId, ...(request.after ? { id: { [Op.lt]: request.after } } : {}) },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const views = rows.map((row): SealUseView => {
    const { id, sealId: _, usedAt, endedAt, ...rest } = row.get();
    return { ...rest, useId: id, usedAt: usedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
  });
  return toPage(views, limit, ({ useId }) => useId);
}
