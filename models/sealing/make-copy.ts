/** Draw a marked copy of a face as PDF and sign it with the repository's key. Pure. */
import { drawPdf, type FontBook, type KeyMaterial, prepareSignature, signPdf } from '../../signing/index.ts';
import { toChineseDate, toShanghaiDate } from '../kernel/clock.ts';
import { layOutMarked, plainWords, type ShownFace } from './mark-pages.ts';
import { openSigner } from './open-signer.ts';
import type { Outside } from './outside.ts';

export interface CopyTask extends ShownFace {
  readonly title: string;
  readonly identifier: string;
  /** The body it is handed to. */
  readonly recipient: string;
  readonly purpose: string;
  readonly at: Date;
  readonly signer: KeyMaterial;
}

const BAND_MM = 9;
const MARK_COLOUR = '#b03030';

export async function makeCopy(
  task: CopyTask,
  fonts: FontBook,
  outside: Pick<Outside, 'signDigest'> = {},
): Promise<Uint8Array> {
  const document = await drawPdf(layOutMarked(task, markOf(task), fonts), {
    title: `${task.title}（副本）`,
    createdAt: task.at,
    customData: { ZZBS: task.identifier, JZJZZSY: task.purpose, JZJZZZ: task.recipient },
    attachments: [],
  });
  await prepareSignature(document, {
    page: 0,
    name: '电子证照库',
    reason: task.purpose,
    location: '中国',
    at: task.at,
    certify: 1,
  });
  const chain = task.signer.certificates.slice(1);
  const prepared = await document.save({ useObjectStreams: false });
  return signPdf(prepared, { ...openSigner(task.signer, outside), chain, at: task.at });
}

/** A band along the foot of each page: what for, for whom, when. */
function markOf({ purpose, recipient, at }: CopyTask) {
  const text = `副本　仅供${recipient}用于：${purpose}　${toChineseDate(toShanghaiDate(at))}　他用无效`;
  return (widthMm: number, heightMm: number) => ({
    items: [
      {
        kind: 'text',
        text: plainWords(text),
        box: [8, heightMm - BAND_MM, widthMm - 16, BAND_MM - 2],
        sizeMm: 3.2,
        minSizeMm: 1.2,
        align: 'center',
        colour: MARK_COLOUR,
        font: 'sans',
      } as const,
    ],
  });
}
