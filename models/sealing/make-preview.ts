/** Draw one page of a face as a picture. Pure. */
import { drawPng, type FaceContent, type FaceLayout, type FontBook, layOutFace } from '../../signing/index.ts';

export interface PreviewTask {
  readonly layout: FaceLayout;
  readonly content: FaceContent;
  /** From 0. */
  readonly page: number;
  readonly dpi: number;
  /** PNG. */
  readonly sealPicture?: Uint8Array;
}

/** PNG. */
export function makePreview(task: PreviewTask, fonts: FontBook): Promise<Uint8Array> {
  const { layout, content, ...look } = task;
  return drawPng(layOutFace(layout, content, fonts), look);
}
