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

/** Most printers leave a few millimetres white at the edges, and faces leave the last eight without words. */
const EDGE_MM = 4.5;
const LINE_MM = 3.2;
const CODE_MM = 13;
const QUIET_MM = 1.3;
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

/** At the foot of each page, on white ground: one line that says whose print this is, when, what for, its number, and that it
 *  is none of the originals; in the corner a code. */
function markOf({ printedBy, purpose, serial, at }: PrintTask) {
  const text = `打印件，非证照原件　${printedBy}　用途：${purpose}　${toShanghaiTime(at)}　编号${serial}　扫码核验`;
  return (widthMm: number, heightMm: number) => {
    const corner = [widthMm - EDGE_MM - CODE_MM, heightMm - EDGE_MM - CODE_MM, CODE_MM, CODE_MM] as const;
    const [x, y] = corner;
    const around = [x - QUIET_MM, y - QUIET_MM, CODE_MM + 2 * QUIET_MM, CODE_MM + 2 * QUIET_MM] as const;
    const line = [EDGE_MM, heightMm - EDGE_MM - LINE_MM, x - QUIET_MM - 2 * EDGE_MM, LINE_MM] as const;
    const said = {
      kind: 'text',
      text: plainWords(text),
      box: line,
      sizeMm: 2.4,
      minSizeMm: 0.9,
      lineHeight: 1.2,
      verticalAlign: 'middle',
      colour: MARK_COLOUR,
      font: 'sans',
    } as const;
    return { items: [said, { kind: 'qr', box: corner } as const], ground: [line, around] };
  };
}
