/** A periodic report as a workbook: figures of the city and of each body, the league, and the cases behind every figure with the link
 *  that leads to each. */
import ExcelJS from 'exceljs';
import type { House } from '../../models/house.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { figureWords, type ReportView, readCases } from '../../models/supervision/index.ts';

const PORTION = 5000;
/** A worksheet ends at 1,048,576 rows. */
const MOST_CASES = 1_000_000;

export interface ReportNames {
  /** By organisation code. */
  readonly names: ReadonlyMap<string, string>;
}

export async function writeWorkbook(house: House, report: ReportView, { names }: ReportNames): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const made = new Date(report.madeAt);
  workbook.created = made;
  workbook.modified = made;
  const nameOf = (code: string) => names.get(code) ?? code;
  addSheet(
    workbook,
    '汇总',
    ['项目', '件数', '最长逾期（分钟）'],
    [40, 12, 18],
    [
      [`期间 ${report.fromOn} 至 ${report.toOn}`, null, null],
      [`制作时间 ${toShanghaiTime(made)}`, null, null],
      ...sumFigures(report).map(({ figure, cases, most }) => [figureWords(figure), cases, most]),
    ],
  );
  addSheet(
    workbook,
    '分单位',
    ['单位', '代码', '项目', '件数', '最长逾期（分钟）'],
    [32, 24, 40, 12, 18],
    [
      ...report.figures.map(({ organisationCode, figure, cases, mostLateMinutes }) => [
        ...[nameOf(organisationCode), organisationCode, figureWords(figure), cases, mostLateMinutes],
      ]),
    ],
  );
  addSheet(
    workbook,
    '推送排名',
    ['名次', '单位', '办结', '按时', '逾期', '未到', '按时率'],
    [8, 32, 10, 10, 10, 10, 12],
    [
      ...report.league.map((row) => [
        row.rank,
        row.name,
        row.closed,
        row.inTime,
        row.late,
        row.overdue,
        row.shareInTime,
      ]),
    ],
  );
  await addCases(house, workbook, report, nameOf);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

type Cell = string | number | null | { readonly text: string; readonly hyperlink: string };

function addSheet(
  workbook: ExcelJS.Workbook,
  name: string,
  headings: readonly string[],
  widths: readonly number[],
  rows: readonly (readonly Cell[])[],
): ExcelJS.Worksheet {
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = headings.map((header, at) => ({ header, width: widths[at] ?? 12 }));
  sheet.getRow(1).font = { bold: true };
  for (const row of rows) sheet.addRow([...row]);
  return sheet;
}

/** Of the whole city, in the order of their names. */
export function sumFigures({ figures }: Pick<ReportView, 'figures'>) {
  const sums = new Map<string, { figure: string; cases: number; most: number | null }>();
  for (const { figure, cases, mostLateMinutes } of figures) {
    const sum = sums.get(figure) ?? { figure, cases: 0, most: null };
    sum.cases += cases;
    if (mostLateMinutes !== null) sum.most = Math.max(sum.most ?? 0, mostLateMinutes);
    sums.set(figure, sum);
  }
  return [...sums.values()].sort((a, b) => (a.figure < b.figure ? -1 : 1));
}

async function addCases(
  house: House,
  workbook: ExcelJS.Workbook,
  { reportId }: ReportView,
  nameOf: (code: string) => string,
): Promise<void> {
  const headings = ['项目', '单位', '案件', '依据', '起算时间', '逾期（分钟）', '接口地址'];
  const sheet = addSheet(workbook, '案件', headings, [40, 32, 34, 20, 20, 14, 60], []);
  let after = '';
  for (let written = 0; written < MOST_CASES; ) {
    const rows = await readCases(house, { reportId, after, limit: PORTION });
    for (const { figure, organisationCode, subject, article, since, lateMinutes, link } of rows) {
      const address = { text: link, hyperlink: `${house.publicUrl}${link}` };
      const facts = [figureWords(figure), nameOf(organisationCode), subject, article, toShanghaiTime(since)];
      sheet.addRow([...facts, lateMinutes, address]);
    }
    written += rows.length;
    after = rows.at(-1)?.id ?? '';
    if (rows.length < PORTION) return;
  }
}
