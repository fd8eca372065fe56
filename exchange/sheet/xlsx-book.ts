/** What the cells of a workbook's first worksheet refer to: where it lies, the texts that cells share, and which styles show a
 *  number as a date. */
import { Fault } from '../../models/kernel/fault.ts';
import type { CellContext } from './xlsx-cell.ts';
import { eachElement } from './xml-elements.ts';

interface Parts {
  readonly open: (name: string) => AsyncIterable<Uint8Array>;
  readonly has: (name: string) => boolean;
}

export interface Book extends CellContext {
  /** The name of the first worksheet's part. */
  readonly sheet: string;
}

const KIND = 'xlsx';
/** Of all shared texts together: they are held in memory. */
const MOST_SHARED_CHARACTERS = 64 * 1024 * 1024;

/** Throws `FILE_NOT_WHAT_IT_SAYS`, `REQUEST_TOO_LARGE`. */
export async function readBook(parts: Parts): Promise<Book> {
  const { relation, since1904 } = await readWorkbook(parts);
  const targets = await readRelations(parts);
  const sheet = relation === undefined ? undefined : targets.get(relation);
  if (sheet === undefined || !parts.has(sheet)) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: KIND });
  return { sheet, since1904, dateStyles: await readDateStyles(parts), sharedTexts: await readSharedTexts(parts) };
}

async function readWorkbook(parts: Parts) {
  let relation: string | undefined;
  let since1904 = false;
  for await (const { kind, name, attributes } of eachElement(parts.open('xl/workbook.xml'), KIND)) {
    if (kind !== 'open') continue;
    if (name === 'workbookPr') since1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    if (name === 'sheet') relation ??= attributes['r:id'] ?? attributes.id;
  }
  return { relation, since1904 };
}

async function readRelations(parts: Parts): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  for await (const { kind, name, attributes } of eachElement(parts.open('xl/_rels/workbook.xml.rels'), KIND)) {
    const { Id: id, Target: target } = attributes;
    if (kind !== 'open' || name !== 'Relationship' || id === undefined || target === undefined) continue;
    targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  return targets;
}

async function readSharedTexts(parts: Parts): Promise<readonly string[]> {
  if (!parts.has('xl/sharedStrings.xml')) return [];
  const texts: string[] = [];
  let text = '';
  let size = 0;
  let reading = false;
  let phonetic = false;
  for await (const element of eachElement(parts.open('xl/sharedStrings.xml'), KIND, ['t'])) {
    const { kind, name } = element;
    if (name === 'si' && kind === 'open') {
      text = '';
      reading = true;
    } else if (name === 'si' && kind === 'close' && reading) {
      texts.push(text);
      reading = false;
    } else if (name === 'rPh') phonetic = kind === 'open';
    else if (kind === 'text' && !phonetic) {
      text += element.text;
      size += element.text.length;
      if (size > MOST_SHARED_CHARACTERS) throw new Fault('REQUEST_TOO_LARGE', { detail: 'sharedStrings' });
    }
  }
  return texts;
}

/** Number formats that come with every workbook and show dates or times (§18.8.30, and those of East Asia). */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47, ...range(27, 36), ...range(50, 58)]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function readDateStyles(parts: Parts): Promise<readonly boolean[]> {
  if (!parts.has('xl/styles.xml')) return [];
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCells = false;
  for await (const { kind, name, attributes } of eachElement(parts.open('xl/styles.xml'), KIND)) {
    if (name === 'cellXfs') inCells = kind === 'open';
    if (kind !== 'open') continue;
    if (name === 'numFmt') custom.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
    if (name !== 'xf' || !inCells) continue;
    const format = Number(attributes.numFmtId ?? 0);
    styles.push(custom.get(format) ?? DATE_FORMATS.has(format));
  }
  return styles;
}

/** Letters of days and times outside quotes, colours and conditions. */
function isDateFormat(code: string): boolean {
  return /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '')) && !/general/i.test(code);
}
