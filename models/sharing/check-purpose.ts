/** The purpose of a use stands on every copy handed out within it: each character needs a glyph before any copy is drawn. */

import { checkFace, type FaceLayout } from '../../signing/index.ts';
import type { House } from '../house.ts';
import type { PointedFault } from '../kernel/fault.ts';

const WIDE: FaceLayout = {
  pages: [
    {
      name: 'purpose',
      widthMm: 1000,
      heightMm: 1000,
      items: [{ kind: 'text', text: '{purpose}', box: [0, 0, 1000, 1000], sizeMm: 1.2, font: 'sans' }],
    },
  ],
};

export function checkPurpose(house: Pick<House, 'fonts'>, purpose: string): PointedFault[] {
  const faults = checkFace(WIDE, { values: { purpose }, images: {}, qr: '' }, house.fonts);
  const missing = faults.find(({ code }) => code === 'GLYPH_MISSING');
  return missing ? [{ pointer: '/purpose', code: 'GLYPH_MISSING', detail: missing.text }] : [];
}
