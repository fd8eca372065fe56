/** A periodic report as a workbook: figures of the city and of each body, the league, and the cases behind every figure with the link
 *  that leads to each. Written row by row: what is in memory is the file, packed, and a portion of cases. */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import type { House } from '../../models/house.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { figureWords, type ReportView, readCases } from '../../models/supervision/index.ts';

const PORTION = 5000;

/** A worksheet ends at 1,048,576 rows, and holds 65,530 links. */
const BOUNDS = { cases: 1_000_000, links: 65_000 } as const;

export interface ReportNames {
  /** By organisation code. */
  readonly names: ReadonlyMap<string, string>;
}

type Workbook = ExcelJS.stream.xlsx.WorkbookWriter;
type Worksheet = ReturnType<Workbook['addWorksheet']>;

/** @param bounds of what a worksheet takes; what is left out beyond them is said in the book */
export async function writeWorkbook(
  house: House,
  report: ReportView,
  { names }: ReportNames,
  bounds: Readonly<Record<keyof typeof BOUNDS, number>> = BOUNDS,
): Promise<Uint8Array> {
  const made = new Date(report.madeAt);
  const stream = new PassThrough();
  const written = buffer(stream);
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true });
  workbook.created = made;
  workbook.modified = made;
  const nameOf = (code: string) => names.get(code) ?? code;
  addSummary(workbook, report, bounds.cases);
  addBodies(workbook, report, nameOf);
  addLeague(workbook, report);
  await addCases(house, workbook, report, nameOf, bounds);
  await workbook.commit();
  return new Uint8Array(await written);
}

const leftOut = (cases: number) => `案件超过 ${cases} 件的部分未列入“案件”页，全部案件见系统接口`;

function addSummary(workbook: Workbook, report: ReportView, mostCases: number): void {
  const sums = sumFigures(report);
  const isCut = sums.reduce((sum, { cases }) => sum + cases, 0) > mostCases;
  const rows = [
    [`期间 ${report.fromOn} 至 ${report.toOn}`, null, null],
    [`制作时间 ${toShanghaiTime(new Date(report.madeAt))}`, null, null],
    ...(isCut ? [[leftOut(mostCases), null, null]] : []),
    ...sums.map(({ figure, cases, most }) => [figureWords(figure), cases, most]),
  ];
  addSheet(workbook, '汇总', { 项目: 40, 件数: 12, '最长逾期（分钟）': 18 }, rows).commit();
}

function addBodies(workbook: Workbook, report: ReportView, nameOf: (code: string) => string): void {
  const rows = report.figures.map(({ organisationCode, figure, cases, mostLateMinutes }) => [
    ...[nameOf(organisationCode), organisationCode, figureWords(figure), cases, mostLateMinutes],
  ]);
  const columns = { 单位: 32, 代码: 24, 项目: 40, 件数: 12, '最长逾期（分钟）': 18 };
  addSheet(workbook, '分单位', columns, rows).commit();
}

function addLeague(workbook: Workbook, report: ReportView): void {
  const rows = report.league.map(({ rank, name, closed, inTime, late, overdue, shareInTime }) => [
    ...[rank, name, closed, inTime, late, overdue, shareInTime],
  ]);
  const columns = { 名次: 8, 单位: 32, 办结: 10, 按时: 10, 逾期: 10, 未到: 10, 按时率: 12 };
  addSheet(workbook, '推送排名', columns, rows).commit();
}

type Cell = string | number | null | { readonly text: string; readonly hyperlink: string };

/** @param columns headings with their widths */
function addSheet(
  workbook: Workbook,
  name: string,
  columns: Readonly<Record<string, number>>,
  rows: readonly (readonly Cell[])[],
): Worksheet {
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = Object.entries(columns).map(([header, width]) => ({ header, width }));
  sheet.getRow(1).font = { bold: true };
  for (const row of rows) sheet.addRow([...row]).commit();
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
  workbook: Workbook,
  { reportId }: ReportView,
  nameOf: (code: string) => string,
  bounds: Readonly<Record<keyof typeof BOUNDS, number>>,
): Promise<void> {
  const columns = { 项目: 40, 单位: 32, 案件: 34, 依据: 20, 起算时间: 20, '逾期（分钟）': 14, 接口地址: 60 };
  const sheet = addSheet(workbook, '案件', columns, []);
  let written = 0;
  for (let after = ''; ; ) {
    // One more than there is room for: whether anything is left out.
    const limit = Math.min(PORTION, bounds.cases - written + 1);
    const rows = await readCases(house, { reportId, after, limit });
    for (const { figure, organisationCode, subject, article, since, lateMinutes, link } of rows) {
      if (written === bounds.cases) {
        sheet.addRow([leftOut(bounds.cases)]).commit();
        return sheet.commit();
      }
      written += 1;
      const hyperlink = `${house.publicUrl}${link}`;
      const address = written <= bounds.links ? { text: link, hyperlink } : hyperlink;
      const facts = [figureWords(figure), nameOf(organisationCode), subject, article, toShanghaiTime(since)];
      sheet.addRow([...facts, lateMinutes, address]).commit();
    }
    if (rows.length < limit) return sheet.commit();
    after = rows.at(-1)?.id ?? '';
  }
}
