/** Write the files of reports that have none yet: the workbook and the PDF, kept by their digests. */
import type { House } from '../../models/house.ts';
import { findUnwritten, keepReportFiles, viewReport } from '../../models/supervision/index.ts';
import { drawReport } from './draw-report.ts';
import { writeWorkbook } from './write-workbook.ts';

/** How many reports. */
export async function writeReportFiles(house: House, goOn: () => boolean = () => true): Promise<number> {
  const unwritten = await findUnwritten(house);
  if (unwritten.length === 0) return 0;
  const bodies = await house.db.rows.organisations.findAll({ attributes: ['code', 'name'], raw: true });
  const names = { names: new Map(bodies.map(({ code, name }) => [code, name])) };
  let written = 0;
  for (const row of unwritten) {
    if (!goOn()) break;
    const report = await viewReport(house, row);
    const xlsx = await writeWorkbook(house, report, names);
    await keepReportFiles(house, row.id, { xlsx, pdf: await drawReport(house, report, names) });
    written += 1;
  }
  return written;
}
