/** Set a text into a box: the largest size, from the wished one down to the smallest allowed, at which all lines fit. */
import type { Cluster, Line } from './break-lines.ts';
import { breakLines } from './break-lines.ts';
import type { TextItem } from './face.ts';

export interface FittedText {
  readonly sizeMm: number;
  /** Lines of each paragraph in turn. */
  readonly paragraphs: readonly { readonly clusters: readonly Cluster[]; readonly lines: readonly Line[] }[];
}

const STEPS = 32;
const SMALLEST_SHARE = 0.6;
const LINE_HEIGHT = 1.5;

/** Distance of two baselines as a multiple of the size. */
export function lineHeightOf(item: TextItem): number {
  return item.lineHeight ?? LINE_HEIGHT;
}

/** Undefined when the text does not fit at the smallest size. */
export function fitText(item: TextItem, paragraphs: readonly (readonly Cluster[])[]): FittedText | undefined {
  const smallest = Math.min(item.minSizeMm ?? item.sizeMm * SMALLEST_SHARE, item.sizeMm);
  const sizeAt = (step: number) => item.sizeMm - ((item.sizeMm - smallest) * step) / STEPS;
  for (const wordsMayBreak of [false, true]) {
    const attempt = (step: number) => setAt(item, paragraphs, sizeAt(step), wordsMayBreak);
    const first = attempt(0);
    if (first !== undefined) return first;
    let fitting = attempt(STEPS);
    if (fitting === undefined) continue;
    let low = 0;
    let high = STEPS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const found = attempt(middle);
      if (found === undefined) low = middle;
      else {
        fitting = found;
        high = middle;
      }
    }
    return fitting;
  }
  return undefined;
}

function setAt(
  item: TextItem,
  paragraphs: readonly (readonly Cluster[])[],
  sizeMm: number,
  wordsMayBreak: boolean,
): FittedText | undefined {
  const [, , widthMm, heightMm] = item.box;
  const most = 1 + Math.floor((heightMm - sizeMm + 1e-6) / (sizeMm * lineHeightOf(item)));
  if (heightMm + 1e-6 < sizeMm) return undefined;
  let count = 0;
  const set = [];
  for (const clusters of paragraphs) {
    const { lines, wordBroken } = breakLines(clusters, widthMm / sizeMm, (item.spacingMm ?? 0) / sizeMm);
    count += lines.length;
    if (count > most || (wordBroken && !wordsMayBreak)) return undefined;
    if (lines.some((line) => line.widthEm * sizeMm > widthMm + 1e-3)) return undefined;
    set.push({ clusters, lines });
  }
  return { sizeMm, paragraphs: set };
}
