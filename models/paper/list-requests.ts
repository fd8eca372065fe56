/** Requests for paper: a body's own, all for the bureau. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { BUREAU, SUPERVISED, seesAll } from '../supervision/sides.ts';
import { PAPER_OUTCOMES } from './paper-words.ts';
import type { PaperRequestColumns } from './rows.ts';
import { type PaperRequestView, viewRequest } from './view-request.ts';

export const paperRequestFilterSchema = z.strictObject({
  outcome: z.enum(PAPER_OUTCOMES).optional(),
  /** A body is shown its own whatever it asks for. */
  organisationCode: z.string().length(18).optional(),
});

function ownBody(caller: Caller): string | undefined {
  requireRole(caller, ...BUREAU, ...SUPERVISED, 'consumer.window');
  return seesAll(caller) ? undefined : requireOrganisation(caller);
}

/** Newest first. */
export async function listPaperRequests(
  house: House,
  caller: Caller,
  { outcome, organisationCode, ...request }: z.infer<typeof paperRequestFilterSchema> & PageRequest,
): Promise<Page<PaperRequestView>> {
  const body = ownBody(caller) ?? organisationCode;
  await logAccess(house, caller, { act: 'paper.read', details: { list: 'requests' } });
  const limit = pageLimit(request);
  const where: WhereOptions<PaperRequestColumns> = {
    ...(body ? { organisationCode: body } : {}),
    ...(outcome ? { outcome } : {}),
    ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
  };
  const rows = await readRows(house.db.rows.paperRequests, { where, order: [['id', 'DESC']], limit: limit + 1 });
  return toPage(rows.map(viewRequest), limit, ({ requestId }) => requestId);
}

/** Throws `NOT_FOUND`, also for another body's. */
export async function readPaperRequest(house: House, caller: Caller, id: string): Promise<PaperRequestView> {
  const own = ownBody(caller);
  const [row] = await readRows(house.db.rows.paperRequests, { where: { id } });
  const seen = row && (own === undefined || row.organisationCode === own);
  const outcome = seen ? ('done' as const) : ('refused' as const);
  await logAccess(house, caller, { act: 'paper.read', outcome, details: { paperRequestId: id.slice(0, 40) } });
  if (!seen) throw new Fault('NOT_FOUND');
  return viewRequest(row);
}
