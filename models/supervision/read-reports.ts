/** Reports: the list, one with its figures, the cases behind a figure, and the files. A body sees what is its own of each. */
import { Op, QueryTypes, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { LeagueRow } from '../deadline/league.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { BUREAU_FIGURES } from './report-figures.ts';
import type { ReportCaseColumns, ReportColumns } from './rows.ts';
import { BUREAU, requireReader } from './sides.ts';

export interface ReportSummary extends Pick<ReportColumns, 'span' | 'fromOn' | 'toOn'> {
  readonly reportId: string;
  readonly madeAt: string;
  /** SM3. */
  readonly xlsx: string | null;
  readonly pdf: string | null;
}

export interface ReportFigure {
  readonly organisationCode: string;
  readonly figure: string;
  /** The number of its cases. */
  readonly cases: number;
  readonly mostLateMinutes: number | null;
}

export interface ReportView extends ReportSummary {
  readonly figures: readonly ReportFigure[];
  readonly league: readonly LeagueRow[];
}

function summarize({ id, span, fromOn, toOn, madeAt, xlsxDigest, pdfDigest }: ReportColumns): ReportSummary {
  return { reportId: id, span, fromOn, toOn, madeAt: madeAt.toISOString(), xlsx: xlsxDigest, pdf: pdfDigest };
}

export const reportFilterSchema = z.strictObject({ span: z.enum(['week', 'month', 'quarter']).optional() });

/** Newest first within a span. */
export async function listReports(
  house: House,
  caller: Caller,
  { span, ...request }: z.infer<typeof reportFilterSchema> & PageRequest,
): Promise<Page<ReportSummary>> {
  requireReader(caller);
  await logAccess(house, caller, { act: 'supervision.read', details: { list: 'reports' } });
  const limit = pageLimit(request);
  const where: WhereOptions<ReportColumns> = {
    ...(span ? { span } : {}),
    ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
  };
  const rows = await readRows(house.db.rows.reports, { where, order: [['id', 'DESC']], limit: limit + 1 });
  return toPage(rows.map(summarize), limit, ({ reportId }) => reportId);
}

/** Throws `NOT_FOUND`. */
export async function readReport(house: House, caller: Caller, id: string): Promise<ReportView> {
  const own = requireReader(caller);
  const report = await findReport(house, caller, id);
  return viewReport(house, report, own);
}

/** @param own of this body alone */
export async function viewReport(house: House, report: ReportColumns, own?: string): Promise<ReportView> {
  const rows = await house.db.sequelize.query<Readonly<Record<keyof ReportFigure, string | number | null>>>(
    `SELECT organisation_code AS organisationCode, figure, COUNT(*) AS cases, MAX(late_minutes) AS mostLateMinutes
     FROM supervision_report_cases WHERE report_id = :id ${own === undefined ? '' : 'AND organisation_code = :own AND figure NOT IN (:hidden)'}
     GROUP BY organisation_code, figure ORDER BY organisation_code, figure`,
    { replacements: { id: report.id, own: own ?? '', hidden: BUREAU_FIGURES }, type: QueryTypes.SELECT },
  );
  const figures = rows.map(({ organisationCode, figure, cases, mostLateMinutes }) => ({
    ...{ organisationCode: String(organisationCode), figure: String(figure), cases: Number(cases) },
    mostLateMinutes: mostLateMinutes === null ? null : Number(mostLateMinutes),
  }));
  const league = report.league.filter(({ organisationCode }) => own === undefined || organisationCode === own);
  return { ...summarize(report), figures, league };
}

async function findReport(house: House, caller: Caller, id: string): Promise<ReportColumns> {
  const [row] = await readRows(house.db.rows.reports, { where: { id } });
  const outcome = row ? ('done' as const) : ('refused' as const);
  await logAccess(house, caller, { act: 'supervision.read', outcome, details: { reportId: id.slice(0, 40) } });
  if (!row) throw new Fault('NOT_FOUND');
  return row;
}

export const caseFilterSchema = z.strictObject({ organisationCode: z.string().length(18).optional() });

export interface ReportCase
  extends Pick<ReportCaseColumns, 'organisationCode' | 'subject' | 'article' | 'lateMinutes'> {
  readonly caseId: string;
  readonly since: string;
  readonly link: string;
}

/** Throws `NOT_FOUND`. */
export async function listFigureCases(
  house: House,
  caller: Caller,
  { reportId, figure }: { readonly reportId: string; readonly figure: string },
  { organisationCode, ...request }: z.infer<typeof caseFilterSchema> & PageRequest,
): Promise<Page<ReportCase>> {
  const own = requireReader(caller);
  const body = own ?? organisationCode;
  await findReport(house, caller, reportId);
  const limit = pageLimit(request);
  const where: WhereOptions<ReportCaseColumns> = {
    ...{ reportId, figure: own !== undefined && BUREAU_FIGURES.includes(figure) ? '' : figure },
    ...(body ? { organisationCode: body } : {}),
    ...(request.after ? { id: { [Op.gt]: request.after } } : {}),
  };
  const rows = await readRows(house.db.rows.reportCases, { where, order: [['id', 'ASC']], limit: limit + 1 });
  const { items, next } = toPage(rows, limit, ({ id }) => id);
  return { items: items.map(viewCase), next };
}

/** All of a report, by id; for its files. */
export function readCases(
  house: House,
  { reportId, after, limit }: { readonly reportId: string; readonly after: string; readonly limit: number },
): Promise<ReportCaseColumns[]> {
  const where = { reportId, id: { [Op.gt]: after } };
  return readRows(house.db.rows.reportCases, { where, order: [['id', 'ASC']], limit });
}

function viewCase(row: ReportCaseColumns): ReportCase {
  const { organisationCode, subject, article, lateMinutes, caseId, since, link } = row;
  return { organisationCode, subject, article, lateMinutes, caseId, since: since.toISOString(), link };
}

/** Throws `NOT_FOUND`, also before it is written. */
export async function openReportFile(
  house: House,
  caller: Caller,
  reportId: string,
  format: 'xlsx' | 'pdf',
): Promise<Uint8Array> {
  requireRole(caller, ...BUREAU);
  const row = await findReport(house, caller, reportId);
  const digest = format === 'xlsx' ? row.xlsxDigest : row.pdfDigest;
  if (digest === null) throw new Fault('NOT_FOUND');
  return house.blobs.get(digest);
}
