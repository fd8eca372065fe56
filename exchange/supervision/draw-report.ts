/** A periodic report as PDF: A4, tables, page numbers, period and time of making on every page; signed with the repository's key. */
import type { House } from '../../models/house.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { figureWords, type ReportView } from '../../models/supervision/index.ts';
import type { FaceLayout } from '../../signing/index.ts';
import { type DrawnPages, signPages } from './sign-pages.ts';
import { type ReportNames, sumFigures } from './write-workbook.ts';

type FacePage = FaceLayout['pages'][number];
type FaceItem = FacePage['items'][number];

const [WIDTH, HEIGHT, MARGIN, ROW] = [210, 297, 18, 6.5] as const;
const TOP = 46;
const ROWS_A_PAGE = Math.floor((HEIGHT - TOP - 22) / ROW);
const GREY = '#5b6675';
const SPANS = { week: '周报', month: '月报', quarter: '季报' } as const;

/** A row of cells over the columns' widths; a heading of a table is bold with a line beneath. */
interface Line {
  readonly cells: readonly string[];
  readonly widths: readonly number[];
  readonly heading: boolean;
}

export async function drawReport(house: House, report: ReportView, names: ReportNames): Promise<DrawnPages> {
  const title = `电子证照监督${SPANS[report.span]}　${report.fromOn} 至 ${report.toOn}`;
  const at = new Date(report.madeAt);
  const lines = composeLines(report, names);
  const count = Math.max(1, Math.ceil(lines.length / ROWS_A_PAGE));
  const pages = Array.from({ length: count }, (_, page): FacePage => {
    const own = lines.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE);
    const frame = composeFrame(title, `制作时间 ${toShanghaiTime(at)}`, `第 ${page + 1} 页，共 ${count} 页`);
    const items = [...frame, ...own.flatMap((line, row) => placeLine(line, TOP + row * ROW))];
    return { name: String(page + 1), widthMm: WIDTH, heightMm: HEIGHT, items };
  });
  return signPages(house, { title, at, pages });
}

function composeLines(report: ReportView, { names }: ReportNames): Line[] {
  const nameOf = (code: string) => names.get(code) ?? code;
  const minutes = (value: number | null) => (value === null ? '' : String(value));
  const share = (value: number | null) => (value === null ? '' : `${(value * 100).toFixed(1)}%`);
  const city = sumFigures(report).map(({ figure, cases, most }) => [figureWords(figure), String(cases), minutes(most)]);
  const bodies = report.figures.map(({ organisationCode, figure, cases, mostLateMinutes }) => [
    ...[nameOf(organisationCode), figureWords(figure), String(cases), minutes(mostLateMinutes)],
  ]);
  const league = report.league.map((row) => [
    ...[row.rank === null ? '' : String(row.rank), row.name, String(row.closed), String(row.inTime)],
    ...[String(row.late), String(row.overdue), share(row.shareInTime)],
  ]);
  return [
    ...tableOf(['一、全市', '件数', '最长逾期（分钟）'], [110, 30, 34], city),
    ...tableOf(['二、分单位', '项目', '件数', '最长逾期（分钟）'], [62, 68, 14, 30], bodies),
    ...tableOf(
      ['名次', '三、推送排名', '办结', '按时', '逾期', '未到', '按时率'],
      [14, 72, 18, 18, 18, 16, 18],
      league,
    ),
    { cells: ['各数字所依据的案件见同期表格文件“案件”页及系统接口。'], widths: [174], heading: false },
  ];
}

function tableOf(headings: readonly string[], widths: readonly number[], rows: readonly (readonly string[])[]): Line[] {
  const none = rows.length === 0 ? [{ cells: ['无'], widths, heading: false }] : [];
  const body = rows.map((cells) => ({ cells, widths, heading: false }));
  return [{ cells: headings, widths, heading: true }, ...body, ...none, { cells: [], widths, heading: false }];
}

function composeFrame(title: string, made: string, number: string): FaceItem[] {
  const width = WIDTH - 2 * MARGIN;
  const small = { kind: 'text', sizeMm: 3, font: 'sans', colour: GREY } as const;
  return [
    {
      ...small,
      text: title,
      box: [MARGIN, 16, width, 12],
      sizeMm: 6,
      font: 'serif-bold',
      align: 'center',
      colour: '#000000',
    },
    { ...small, text: made, box: [MARGIN, 32, width, 5], align: 'right' },
    { ...small, text: number, box: [MARGIN, HEIGHT - 16, width, 5], align: 'center' },
  ];
}

function placeLine({ cells, widths, heading }: Line, top: number): FaceItem[] {
  let left: number = MARGIN;
  const items = cells.map((cell, at): FaceItem => {
    const width = widths[at] ?? 20;
    const item: FaceItem = {
      kind: 'text',
      text: cell.replaceAll(/[{}]/g, ''),
      box: [left, top, width - 2, ROW - 1],
      sizeMm: 3.2,
      minSizeMm: 0.8,
      verticalAlign: 'middle',
      font: heading ? 'sans-bold' : 'sans',
    };
    left += width;
    return item;
  });
  if (cells.length === 0) return [];
  const end = [WIDTH - MARGIN, top + ROW - 0.5] as const;
  const rule = { kind: 'line', from: [MARGIN, end[1]], to: end, widthMm: heading ? 0.4 : 0.1 } as const;
  return [...items, { ...rule, colour: heading ? '#000000' : '#c0c6cf' }];
}
