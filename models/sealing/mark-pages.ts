/** A face as it is shown where no signature of its own shows its seal, with a mark on every page that says what paper or file
 *  this is. The mark is laid out by itself: it changes nothing of the face. */
import { type FaceContent, type FaceLayout, type FontBook, type LaidOutFace, layOutFace } from '../../signing/index.ts';
import { showSeals } from './show-seals.ts';

type Items = FaceLayout['pages'][number]['items'];
type Box = LaidOutFace['pages'][number]['seals'][number];
const WHITE = [255, 255, 255] as const;

export interface Mark {
  readonly items: Items;
  /** White boxes beneath, where it must be read on any face. */
  readonly ground?: readonly Box[];
}

export interface ShownFace {
  readonly layout: FaceLayout;
  readonly content: FaceContent;
  /** PNG. */
  readonly sealPicture?: Uint8Array;
}

/** @param mark what is added to a page, by its size, and what its codes lead to */
export function layOutMarked(
  { layout, content, sealPicture }: ShownFace,
  mark: (widthMm: number, heightMm: number) => Mark,
  fonts: FontBook,
  qr = content.qr,
): LaidOutFace {
  const face = layOutFace(layout, content, fonts);
  const places = face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box })));
  const shown = sealPicture ? showSeals(face, places, sealPicture) : face;
  const marks = layout.pages.map(({ widthMm, heightMm }) => mark(widthMm, heightMm));
  const drawn = layout.pages.map(({ name, widthMm, heightMm }, index) => {
    return { name, widthMm, heightMm, items: marks[index]?.items ?? [] };
  });
  const laid = layOutFace({ pages: drawn }, { values: {}, images: {}, qr }, fonts);
  const pages = shown.pages.map((page, index) => {
    const boxes = marks[index]?.ground?.map(
      (box) => ({ kind: 'boxes', colour: WHITE, bounds: box, boxes: [box] }) as const,
    );
    return { ...page, marks: [...page.marks, ...(boxes ?? []), ...(laid.pages[index]?.marks ?? [])] };
  });
  return { pages };
}

/** Words in which braces are plain characters. */
export const plainWords = (text: string) => text.replaceAll(/[{}]/g, '');
