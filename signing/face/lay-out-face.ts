import { SigningError } from '../error.ts';
import type { FontBook } from '../font/open-font-book.ts';
import type { FaceContent, FaceLayout } from './face.ts';
import type { LaidOutFace } from './laid-out-face.ts';
import { tryLayout } from './try-layout.ts';

/** Put everything of a face in its place. Nothing faulty is ever drawn: see `checkFace` for all faults at once.
 *  @throws SigningError GLYPH_MISSING, TEXT_OVERFLOW, MALFORMED for a picture that is missing or unreadable */
export function layOutFace(layout: FaceLayout, content: FaceContent, fonts: FontBook): LaidOutFace {
  const { face, faults } = tryLayout(layout, content, fonts);
  const fault = faults[0];
  if (fault === undefined) return face;
  const code = fault.code === 'GLYPH_MISSING' || fault.code === 'TEXT_OVERFLOW' ? fault.code : 'MALFORMED';
  const details = {
    fault: fault.code,
    page: fault.page,
    item: fault.item,
    fields: fault.fields.join(' '),
    faults: faults.length,
  };
  throw new SigningError(code, 'the face cannot be drawn', details);
}
