/** Write the files of reports that have none yet: the workbook and the PDF, kept by their digests. A PDF that no key could sign is signed when
 *  there is one. */
import type { House } from '../../models/house.ts';
import { findUnwritten, keepReportFiles, type ReportView, viewReport } from '../../models/supervision/index.ts';
import { drawReport } from './draw-report.ts';
import { maySign } from './sign-pages.ts';
import { type ReportNames, writeWorkbook } from './write-workbook.ts';

/** How many reports. One that cannot be written is in the log as an error, and is tried again by the next run. */
export async function writeReportFiles(house: House, goOn: () => boolean = () => true): Promise<number> {
  const unwritten = await findUnwritten(house);
  if (unwritten.length === 0) return 0;
  const bodies = await house.db.rows.organisations.findAll({ attributes: ['code', 'name'], raw: true });
  const names = { names: new Map(bodies.map(({ code, name }) => [code, name])) };
  let written = 0;
  for (const row of unwritten) {
    if (!goOn()) break;
    if (row.xlsxDigest !== null && row.pdfDigest !== null && !(await maySign(house))) continue;
    try {
      if (await writeFiles(house, await viewReport(house, row), names)) written += 1;
    } catch (error) {
      house.log.error({ err: error, reportId: row.id }, 'a report of supervision could not be written');
    }
  }
  return written;
}

/** False when nothing has come of it. */
async function writeFiles(house: House, report: ReportView, names: ReportNames): Promise<boolean> {
  const pdf = await drawReport(house, report, names);
  const kept = report.pdf === null || pdf.signed ? { pdf } : {};
  const xlsx = report.xlsx === null ? { xlsx: await writeWorkbook(house, report, names) } : {};
  if (Object.keys({ ...kept, ...xlsx }).length === 0) return false;
  await keepReportFiles(house, report.reportId, { ...kept, ...xlsx });
  return true;
}
