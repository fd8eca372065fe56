/** Draw a face for paper as PDF, at its true size: not signed, and no original. Pure. */
import { drawPdf, type FontBook } from '../../signing/index.ts';
import { toShanghaiTime } from '../kernel/clock.ts';
import { layOutMarked, plainWords, type ShownFace } from './mark-pages.ts';

export interface PrintTask extends ShownFace {
  readonly title: string;
  readonly identifier: string;
  /** The body. */
  readonly printedBy: string;
  readonly purpose: string;
  readonly serial: string;
  /** The check page, which tells of the serial number. */
  readonly checkUrl: string;
  readonly at: Date;
}

const CODE_MM = 13;
const MARGIN_MM = 6;
const LINE_MM = 6;
const MARK_COLOUR = '#b03030';

export async function makePrint(task: PrintTask, fonts: FontBook): Promise<Uint8Array> {
  const { title, identifier, purpose, printedBy, serial, at } = task;
  const document = await drawPdf(layOutMarked(task, markOf(task), fonts, task.checkUrl), {
    title: `${title}（打印件）`,
    createdAt: at,
    customData: { ZZBS: identifier, DYYT: purpose, DYDW: printedBy, DYBH: serial },
    attachments: [],
  });
  return document.save({ useObjectStreams: false });
}

/** At the foot of each page, in two lines beside a code: whose print this is, when, what for, its number, and that it is none of
 *  the originals. */
function markOf({ printedBy, purpose, serial, at }: PrintTask) {
  const said = `打印件，非证照原件　打印单位：${printedBy}　用途：${purpose}`;
  const numbered = `打印时间：${toShanghaiTime(at)}　打印编号：${serial}　扫码核验，以查验页为准`;
  return (widthMm: number, heightMm: number) => {
    const line = (text: string, row: number) =>
      ({
        kind: 'text',
        text: plainWords(text),
        box: [MARGIN_MM, heightMm - MARGIN_MM - LINE_MM * (2 - row), widthMm - 3 * MARGIN_MM - CODE_MM, LINE_MM],
        sizeMm: 2.8,
        minSizeMm: 1.2,
        verticalAlign: 'middle',
        colour: MARK_COLOUR,
        font: 'sans',
      }) as const;
    const corner = [widthMm - MARGIN_MM - CODE_MM, heightMm - MARGIN_MM - CODE_MM, CODE_MM, CODE_MM] as const;
    return [line(said, 0), line(numbered, 1), { kind: 'qr', box: corner } as const];
  };
}
