/** The seal's picture as part of the page, where no signature of its own shows it. */
import type { LaidOutFace } from '../../signing/index.ts';

export interface SealPlace {
  readonly page: number;
  readonly box: LaidOutFace['pages'][number]['seals'][number];
}

export function showSeals(face: LaidOutFace, places: readonly SealPlace[], picture: Uint8Array): LaidOutFace {
  const pages = face.pages.map((page, index) => {
    const own = places.filter((place) => place.page === index);
    const marks = own.map(({ box }) => ({
      kind: 'image' as const,
      key: 'seal',
      format: 'png' as const,
      bytes: picture,
      box,
    }));
    return { ...page, marks: [...page.marks, ...marks] };
  });
  return { ...face, pages };
}
