import type { FontBook } from '../font/open-font-book.ts';
import type { FaceContent, FaceFault, FaceLayout } from './face.ts';
import { tryLayout } from './try-layout.ts';

/** All faults of a content against a layout at once; empty when it can be drawn. A base image's fault has item -1.
 *  @throws SigningError MALFORMED when the layout itself is wrong (a colour) */
export function checkFace(layout: FaceLayout, content: FaceContent, fonts: FontBook): readonly FaceFault[] {
  return tryLayout(layout, content, fonts).faults;
}
