/** What a cross-reference section says, whichever form it has (ISO 32000-1 §7.5.4, §7.5.8). */
import type { PdfDict } from './pdf-value.ts';

/** Where an object stands: at an offset of the file, or inside an object stream. */
export type PdfEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number };

/** One section: its entries by object number, and its trailer dictionary. */
export interface XrefSection {
  readonly entries: ReadonlyMap<number, PdfEntry>;
  readonly trailer: PdfDict;
}

/** Beyond this a file is not examined. */
export const MAX_OBJECTS = 1_000_000;
