/** Draw a marked copy of a face as PDF and sign it with the repository's key. Pure. */
import {
  drawPdf,
  type FaceContent,
  type FaceLayout,
  type FontBook,
  type KeyMaterial,
  layOutFace,
  prepareSignature,
  signPdf,
} from '../../signing/index.ts';
import { toChineseDate, toShanghaiDate } from '../kernel/clock.ts';
import { openSigner } from './open-signer.ts';
import type { Outside } from './outside.ts';
import { showSeals } from './show-seals.ts';

export interface CopyTask {
  readonly layout: FaceLayout;
  readonly content: FaceContent;
  readonly title: string;
  readonly identifier: string;
  /** The body it is handed to. */
  readonly recipient: string;
  readonly purpose: string;
  readonly at: Date;
  readonly sealPicture?: Uint8Array;
  readonly signer: KeyMaterial;
}

const BAND_MM = 9;
const MARK_COLOUR = '#b03030';

export async function makeCopy(
  task: CopyTask,
  fonts: FontBook,
  outside: Pick<Outside, 'signDigest'> = {},
): Promise<Uint8Array> {
  const face = layOutFace(markEveryPage(task), task.content, fonts);
  const places = face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box })));
  const shown = task.sealPicture ? showSeals(face, places, task.sealPicture) : face;
  const document = await drawPdf(shown, {
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
function markEveryPage({ layout, purpose, recipient, at }: CopyTask): FaceLayout {
  const text = `副本　仅供${recipient}用于：${purpose}　${toChineseDate(toShanghaiDate(at))}　他用无效`;
  const pages = layout.pages.map((page) => {
    const box = [8, page.heightMm - BAND_MM, page.widthMm - 16, BAND_MM - 2] as const;
    const mark = {
      kind: 'text',
      text: text.replaceAll(/[{}]/g, ''),
      box,
      sizeMm: 3.2,
      minSizeMm: 1.2,
      align: 'center',
      colour: MARK_COLOUR,
      font: 'sans',
    } as const;
    return { ...page, items: [...page.items, mark] };
  });
  return { pages };
}
