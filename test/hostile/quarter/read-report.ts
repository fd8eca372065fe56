/** The report of the quarter as the bureau reads it: every figure of lateness, its cases page after page. */
import { listFigureCases, type ReportCase, readReport } from '../../../models/supervision/read-reports.ts';
import type { TestHouse } from '../../world/test-house.ts';
import type { LeagueLine, ReportLine } from './outcome.ts';
import { departmentOf, officer } from './quarter-world.ts';

const REPORT = 'quarter-2026-01-01';
const LATE = /^(?:case|objection|correction)-late\.(?:open|ended)$/;

/** @param objectionOf the story's name of a number */
export async function readQuarterReport(
  house: TestHouse,
  objectionOf: (number: string) => string,
): Promise<{ readonly reported: ReportLine[]; readonly reportedLeague: LeagueLine[] }> {
  const { figures, league } = await readReport(house, officer, REPORT);
  const reported: ReportLine[] = [];
  for (const figure of new Set(figures.map((one) => one.figure).filter((name) => LATE.test(name)))) {
    for (const { subject, organisationCode, article, since, lateMinutes } of await readCases(house, figure)) {
      const named = figure.startsWith('case-late') ? subject : objectionOf(subject);
      const department = departmentOf(organisationCode);
      reported.push({ figure, subject: named, department, article: article ?? '', since, lateMinutes });
    }
  }
  const reportedLeague = league.map(({ organisationCode, name: _, ...line }) => ({
    department: departmentOf(organisationCode),
    ...line,
  }));
  return { reported, reportedLeague };
}

async function readCases(house: TestHouse, figure: string): Promise<ReportCase[]> {
  const cases: ReportCase[] = [];
  let after: string | undefined;
  do {
    const request = { limit: 100, ...(after ? { after } : {}) };
    const page = await listFigureCases(house, officer, { reportId: REPORT, figure }, request);
    cases.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  return cases;
}
