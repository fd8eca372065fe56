/** Read analyses: a body its own, the bureau all; and how many rows one would have, for the bureau alone. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { countWithin } from './find-within.ts';
import { ANALYSIS_STATES, type AnalysisState } from './rows.ts';
import { type AnalysisView, viewAnalysis } from './view-analysis.ts';

export const analysisStateSchema = z.enum(ANALYSIS_STATES);

const READERS = ['consumer.approver', 'bureau.officer', 'bureau.supervisor'] as const;

/** The bureau sees all bodies'. */
function boundsOf({ roles, organisationCode }: Caller): { readonly organisationCode?: string } {
  if (roles.some((role) => role.startsWith('bureau.'))) return {};
  return { organisationCode: organisationCode ?? '' };
}

export async function listAnalyses(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly state?: AnalysisState | undefined },
): Promise<Page<AnalysisView>> {
  requireRole(caller, ...READERS);
  const limit = pageLimit(request);
  const rows = await readRows(house.db.rows.analyses, {
    where: {
      ...boundsOf(caller),
      ...(request.state ? { state: request.state } : {}),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  await logAccess(house, caller, { act: 'analysis.read', details: { list: true } });
  const page = toPage(rows, limit, ({ id }) => id);
  return { items: page.items.map(viewAnalysis), next: page.next };
}

/** Throws `NOT_FOUND`, also for another body's. */
export async function readAnalysis(house: House, caller: Caller, number: string): Promise<AnalysisView> {
  requireRole(caller, ...READERS);
  const row = await house.db.rows.analyses.findOne({ where: { number, ...boundsOf(caller) } });
  const details = { number: number.slice(0, 40) };
  await logAccess(house, caller, { act: 'analysis.read', outcome: row ? 'done' : 'refused', details });
  if (!row) throw new Fault('NOT_FOUND');
  return viewAnalysis(row.get());
}

export interface AnalysisCount {
  /** Of each type, in their order. */
  readonly rows: readonly number[];
  readonly total: number;
}

/** As of now, of what was granted, or was asked as long as it is not decided. */
export async function countAnalysis(house: House, caller: Caller, number: string): Promise<AnalysisCount> {
  requireRole(caller, 'bureau.officer');
  const row = await house.db.rows.analyses.findOne({ where: { number } });
  const details = { number: number.slice(0, 40) };
  await logAccess(house, caller, { act: 'analysis.count', outcome: row ? 'done' : 'refused', details });
  if (!row) throw new Fault('NOT_FOUND');
  const rows = await countWithin(house, row.granted ?? row.asked);
  return { rows, total: rows.reduce((sum, count) => sum + count, 0) };
}
