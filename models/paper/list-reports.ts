/** What holders report: a holder sees their own and what came of it, the bureau all, a body what was confirmed of it. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { BUREAU, SUPERVISED, seesAll } from '../supervision/sides.ts';
import { REPORT_STATES } from './paper-words.ts';
import type { PaperReportColumns } from './rows.ts';
import { type PaperReportView, viewReport } from './view-report.ts';

export const paperReportFilterSchema = z.strictObject({
  state: z.enum(REPORT_STATES).optional(),
  organisationCode: z.string().length(18).optional(),
});

const isForBody = (bounds: Bounds) => bounds.organisationCode !== undefined;

type Bounds = Partial<Pick<PaperReportColumns, 'holderId' | 'organisationCode' | 'state'>>;

function boundsOf(caller: Caller): Bounds {
  requireRole(caller, 'holder', ...BUREAU, ...SUPERVISED);
  if (seesAll(caller)) return {};
  // Nobody's row has an empty holder.
  if (caller.roles.includes('holder')) return { holderId: caller.holderId ?? '' };
  return { organisationCode: requireOrganisation(caller), state: 'confirmed' };
}

/** Newest first. */
export async function listPaperReports(
  house: House,
  caller: Caller,
  { state, organisationCode, ...request }: z.infer<typeof paperReportFilterSchema> & PageRequest,
): Promise<Page<PaperReportView>> {
  const bounds = boundsOf(caller);
  await logAccess(house, caller, { act: 'paper.read', details: { list: 'reports' } });
  const limit = pageLimit(request);
  const asked: WhereOptions<PaperReportColumns>[] = [
    bounds,
    ...(state ? [{ state }] : []),
    ...(organisationCode ? [{ organisationCode }] : []),
    ...(request.after ? [{ id: { [Op.lt]: request.after } }] : []),
  ];
  const where = { [Op.and]: asked } as WhereOptions<PaperReportColumns>;
  const rows = await readRows(house.db.rows.paperReports, { where, order: [['id', 'DESC']], limit: limit + 1 });
  const views = rows.map((row) => viewReport(row, isForBody(bounds)));
  return toPage(views, limit, ({ reportId }) => reportId);
}

/** Throws `NOT_FOUND`, also for another's. */
export async function readPaperReport(house: House, caller: Caller, id: string): Promise<PaperReportView> {
  const bounds = boundsOf(caller);
  const [row] = await readRows(house.db.rows.paperReports, { where: { ...bounds, id } });
  const outcome = row ? ('done' as const) : ('refused' as const);
  await logAccess(house, caller, { act: 'paper.read', outcome, details: { paperReportId: id.slice(0, 40) } });
  if (!row) throw new Fault('NOT_FOUND');
  return viewReport(row, isForBody(bounds));
}
