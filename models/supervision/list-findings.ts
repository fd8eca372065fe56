/** The findings as they stand, or as they stood in a period: a body's own, all for the bureau. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { endOfShanghaiDate, isRealDate, startOfShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { FINDING_KIND_NAMES } from './finding-words.ts';
import type { FindingColumns } from './rows.ts';
import { requireReader } from './sides.ts';
import { type FindingView, viewFinding } from './view-finding.ts';

export const findingFilterSchema = z.strictObject({
  kind: z.enum(FINDING_KIND_NAMES).optional(),
  /** 18 characters; a body is shown its own whatever it asks for. */
  organisationCode: z.string().length(18).optional(),
  /** `true`: those that last; `false`: those that ended. */
  open: z.enum(['true', 'false']).optional(),
  /** Days in Asia/Shanghai, both included: those that lasted, or became known, within them. */
  from: z.string().max(20).optional(),
  to: z.string().max(20).optional(),
});
type Filter = z.infer<typeof findingFilterSchema>;

/** Newest first. Throws `DATE_IMPOSSIBLE`, `PERIOD_BACKWARDS`. */
export async function listFindings(
  house: House,
  caller: Caller,
  { kind, organisationCode, open, from, to, ...request }: Filter & PageRequest,
): Promise<Page<FindingView>> {
  const own = requireReader(caller);
  throwFaults(judgePeriod({ from, to }));
  await logAccess(house, caller, { act: 'supervision.read', details: { kind: kind ?? null } });
  const limit = pageLimit(request);
  const body = own ?? organisationCode;
  const bounds: WhereOptions<FindingColumns>[] = [
    { endedBy: { [Op.or]: [null, { [Op.ne]: 'withdrawn' }] } } as WhereOptions<FindingColumns>,
    ...(kind ? [{ kind }] : []),
    ...(body ? [{ organisationCode: body }] : []),
    ...(open ? [{ closedAt: open === 'true' ? null : { [Op.ne]: null } }] : []),
    ...(to ? [{ knownAt: { [Op.lt]: endOfShanghaiDate(to) } }] : []),
    ...(from ? [lastsSince(startOfShanghaiDate(from))] : []),
    ...(request.after ? [{ id: { [Op.lt]: request.after } }] : []),
  ];
  const where = { [Op.and]: bounds } as WhereOptions<FindingColumns>;
  const rows = await readRows(house.db.rows.findings, { where, order: [['id', 'DESC']], limit: limit + 1 });
  const { items, next } = toPage(rows, limit, ({ id }) => id);
  return { items: items.map((row) => viewFinding(house, row)), next };
}

function lastsSince(from: Date): WhereOptions<FindingColumns> {
  const bounds = [{ closedAt: null }, { closedAt: { [Op.gte]: from } }, { knownAt: { [Op.gte]: from } }];
  return { [Op.or]: bounds } as WhereOptions<FindingColumns>;
}

function judgePeriod(period: Pick<Filter, 'from' | 'to'>): PointedFault[] {
  const wrong = Object.entries(period).filter(([, date]) => date !== undefined && !isRealDate(date));
  if (wrong.length > 0)
    return wrong.map(([key, date]) => ({ pointer: `/${key}`, code: 'DATE_IMPOSSIBLE', detail: String(date) }));
  const { from, to } = period;
  return from && to && to < from ? [{ pointer: '/to', code: 'PERIOD_BACKWARDS' }] : [];
}

/** Throws `NOT_FOUND`, also for another body's. */
export async function readFinding(house: House, caller: Caller, id: string): Promise<FindingView> {
  const own = requireReader(caller);
  const row = await house.db.rows.findings.findByPk(id);
  const seen = row && (own === undefined || row.organisationCode === own);
  await logAccess(house, caller, {
    ...{ act: 'supervision.read', outcome: seen ? 'done' : 'refused', details: { findingId: id.slice(0, 40) } },
  });
  if (!seen) throw new Fault('NOT_FOUND');
  return viewFinding(house, row.get());
}
