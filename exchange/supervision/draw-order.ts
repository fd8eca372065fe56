/** A rectification order (责令限期改正) as PDF: A4, the words in full, every finding with its article; signed with the repository's key. */
import type { House } from '../../models/house.ts';
import { toShanghaiDate, toShanghaiTime } from '../../models/kernel/clock.ts';
import type { OrderDocument } from '../../models/supervision/index.ts';
import type { FaceLayout, FontBook } from '../../signing/index.ts';
import { type DrawnPages, signPages } from './sign-pages.ts';

type FacePage = FaceLayout['pages'][number];
type FaceItem = FacePage['items'][number];

const [WIDTH, HEIGHT, MARGIN] = [210, 297, 24] as const;
const INNER = WIDTH - 2 * MARGIN;
const [SIZE, LINE] = [4.4, 7] as const;
const [FIRST_TOP, TOP, BOTTOM] = [62, 26, HEIGHT - 26] as const;
/** Width of a line in em; one is kept for a mark that hangs over. */
const FULL_EM = INNER / SIZE - 1;

/** A line of the document as it stands on a page. */
interface Line {
  readonly text: string;
  readonly bold?: boolean;
  readonly right?: boolean;
}

export async function drawOrder(house: House, order: OrderDocument): Promise<DrawnPages> {
  const at = house.clock();
  const lines = composeLines(order, (paragraph) => wrap(house.fonts, paragraph));
  const fits = (top: number) => Math.floor((BOTTOM - top) / LINE);
  const parts = [lines.slice(0, fits(FIRST_TOP))];
  for (let from = fits(FIRST_TOP); from < lines.length; from += fits(TOP))
    parts.push(lines.slice(from, from + fits(TOP)));
  const pages = parts.map((part, page): FacePage => {
    const top = page === 0 ? FIRST_TOP : TOP;
    const items = part.map((line, row) => placeLine(line, top + row * LINE));
    const foot = `${order.number}　第 ${page + 1} 页，共 ${parts.length} 页　制作时间 ${toShanghaiTime(at)}`;
    const head = page === 0 ? composeHead(order) : [];
    return { name: String(page + 1), widthMm: WIDTH, heightMm: HEIGHT, items: [...head, ...items, composeFoot(foot)] };
  });
  return signPages(house, { title: `责令限期改正通知书　${order.number}`, at, pages });
}

function composeLines(order: OrderDocument, wrapped: (paragraph: string) => Line[]): Line[] {
  const persons = order.persons.map(({ name, duty }) => `${name}（${duty}）`).join('、');
  const day = (instant: string) => toShanghaiDate(new Date(instant));
  // The limit is the end of a day: the instant after it lies in the next.
  const limit = order.dueAt === '' ? '' : toShanghaiDate(new Date(Date.parse(order.dueAt) - 1));
  const heading = (text: string): Line => ({ text, bold: true });
  return [
    heading(`${order.organisationName}：`),
    ...wrapped(`经监督检查，发现你单位存在下列问题。依据${order.legalBasis}，责令你单位限期改正。`),
    heading('一、责任单位和人员'),
    ...wrapped(`责任机构：${order.responsibleBody ?? '未指定'}　责任人员：${persons || '未指定'}`),
    heading('二、存在的问题'),
    ...order.listed.flatMap(({ kindWords, subject, article, since, withdrawn }, at) =>
      wrapped(
        `${at + 1}．${kindWords}：${subject}，自 ${day(since)} 起，违反${article}${withdrawn ? '（已撤销，不再要求整改）' : ''}。`,
      ),
    ),
    heading('三、整改要求'),
    ...order.demand.split('\n').flatMap((paragraph) => wrapped(paragraph)),
    heading('四、整改期限'),
    ...wrapped(
      `${order.workingDays} 个工作日，至 ${limit} 止${order.rounds > 1 ? `（第 ${order.rounds} 次限期）` : ''}。`,
    ),
    ...wrapped(`逾期未完成整改的，依据${order.legalBasis}予以通报批评；违反相关法律法规的，依法追究责任。`),
    { text: '' },
    { text: '市大数据局', right: true },
    { text: day(order.issuedAt), right: true },
  ];
}

/** Lines of one paragraph, the first indented by two characters. */
function wrap(fonts: FontBook, paragraph: string): Line[] {
  const lines: Line[] = [];
  let [text, width] = ['　　', 2];
  for (const character of paragraph.replaceAll(/[{}\p{Cc}]/gu, '')) {
    const own = widthOf(fonts, character.codePointAt(0) ?? 0);
    const mayBegin = !/[，。、；：）》」〕]/.test(character);
    if (width + own > FULL_EM && mayBegin) {
      lines.push({ text });
      [text, width] = ['', 0];
    }
    text += character;
    width += own;
  }
  return [...lines, { text }];
}

/** In em. */
function widthOf(fonts: FontBook, codePoint: number): number {
  const font = fonts.fontFor('serif', codePoint);
  return font ? font.advanceOf(font.glyphOf(codePoint)) / font.unitsPerEm : 1;
}

function composeHead({ number }: OrderDocument): FaceItem[] {
  const line = { from: [MARGIN, 54], to: [WIDTH - MARGIN, 54], widthMm: 0.5, colour: '#c00000' } as const;
  const centred = { kind: 'text', align: 'center' } as const;
  return [
    { ...centred, text: '责令限期改正通知书', box: [MARGIN, 24, INNER, 14], sizeMm: 8.5, font: 'serif-bold' },
    { ...centred, text: number, box: [MARGIN, 43, INNER, 7], sizeMm: SIZE, font: 'serif' },
    { kind: 'line', ...line },
  ];
}

function composeFoot(text: string): FaceItem {
  const box = [MARGIN, HEIGHT - 16, INNER, 5] as const;
  return { kind: 'text', text, box, sizeMm: 3, font: 'sans', align: 'center', colour: '#5b6675' };
}

function placeLine({ text, bold = false, right = false }: Line, top: number): FaceItem {
  return {
    ...{ kind: 'text', text, box: [MARGIN, top, INNER, LINE], sizeMm: SIZE, minSizeMm: 2, lineHeight: 1 },
    ...{ font: bold ? 'serif-bold' : 'serif', align: right ? 'right' : 'left', verticalAlign: 'middle' },
  } as const;
}
