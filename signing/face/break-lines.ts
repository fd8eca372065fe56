/** Where lines of Chinese text may end: 避头尾 (no closing mark at a line's start, no opening mark at its end; compare
 *  CLREQ §3.1.2 and GB/T 15834 §5.1), Latin words and numbers kept whole, …… and —— kept together. Widths are em. */

/** A character with its width. */
export interface Cluster {
  readonly codePoint: number;
  readonly widthEm: number;
}

export interface Line {
  readonly start: number;
  /** After the last character that is drawn; a space at a line's end is not. */
  readonly end: number;
  readonly widthEm: number;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** A word was wider than the line and had to be broken. */
  readonly wordBroken: boolean;
}

const NEVER_FIRST = charactersOf('，。、；：？！）》〉」』】〕｝］”’…—～·・％‰℃°㎡㎥々〻ー,.;:?!)]}%＞》〞﹞．＂＇');
const NEVER_LAST = charactersOf('（《〈「『【〔｛［“‘([{￥＄$#№＃〝﹝<＜');
const TOGETHER = charactersOf('…—');
/** Words of measure that stay with their number. */
const MEASURES = charactersOf('年月日时分号元角米亩栋幢层室楼条款项个万天');
/** Marks whose ink is in their left half: the blank half may hang over the line's end. */
const HALF_BLANK = charactersOf('，。、；：）》〉」』】〕');

/** Break one paragraph (no line feeds in it) into lines no wider than `lineEm`. */
export function breakLines(clusters: readonly Cluster[], lineEm: number, spacingEm = 0): Lines {
  const lines: Line[] = [];
  let wordBroken = false;
  let start = 0;
  while (start < clusters.length) {
    let width = 0;
    let end = start;
    let lastBreak = start;
    while (end < clusters.length) {
      const cluster = clusters[end];
      if (cluster === undefined) break;
      const needed = width + cluster.widthEm - hangingEm(cluster) + (end > start ? spacingEm : 0);
      if (needed > lineEm + 1e-6 && !isSpace(cluster.codePoint)) break;
      width += cluster.widthEm + (end > start ? spacingEm : 0);
      end++;
      if (end === clusters.length || mayBreak(clusters, end)) lastBreak = end;
    }
    if (lastBreak === start) {
      wordBroken = true;
      lastBreak = Math.max(end, start + 1);
    }
    lines.push(measureLine(clusters, start, lastBreak, spacingEm));
    start = lastBreak;
    while (start < clusters.length && clusters[start]?.codePoint === 0x20) start++;
  }
  if (lines.length === 0) lines.push({ start: 0, end: 0, widthEm: 0 });
  return { lines, wordBroken };
}

/** May a line end before the character at `index`? */
export function mayBreak(clusters: readonly Cluster[], index: number): boolean {
  const before = clusters[index - 1]?.codePoint ?? 0;
  const after = clusters[index]?.codePoint ?? 0;
  if (isSpace(after)) return false;
  if (NEVER_FIRST.has(after) || NEVER_LAST.has(lastInk(clusters, index))) return false;
  if (before === after && TOGETHER.has(before)) return false;
  if (isSpace(before)) return true;
  if (isDigit(before) && MEASURES.has(after)) return false;
  return !(isLatin(before) && isLatin(after));
}

/** The character before `index` that is seen: spaces at a line's end are not. */
function lastInk(clusters: readonly Cluster[], index: number): number {
  let at = index - 1;
  while (at > 0 && isSpace(clusters[at]?.codePoint ?? 0)) at--;
  return clusters[at]?.codePoint ?? 0;
}

/** Letters, digits and signs that make up words of other scripts and numbers. */
export function isLatin(codePoint: number): boolean {
  return codePoint > 0x20 && codePoint < 0x2000 && codePoint !== 0xa0 && codePoint !== 0xb7;
}

function measureLine(clusters: readonly Cluster[], start: number, until: number, spacingEm: number): Line {
  let end = until;
  while (end > start && isSpace(clusters[end - 1]?.codePoint ?? 0)) end--;
  let widthEm = Math.max(0, end - start - 1) * spacingEm;
  for (let i = start; i < end; i++) widthEm += clusters[i]?.widthEm ?? 0;
  const last = clusters[end - 1];
  return { start, end, widthEm: last === undefined || end === start ? widthEm : widthEm - hangingEm(last) };
}

function hangingEm(cluster: Cluster): number {
  return HALF_BLANK.has(cluster.codePoint) && cluster.widthEm > 0.9 ? 0.5 : 0;
}

function isDigit(codePoint: number): boolean {
  return codePoint >= 0x30 && codePoint <= 0x39;
}

function isSpace(codePoint: number): boolean {
  return codePoint === 0x20;
}

function charactersOf(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0));
}
