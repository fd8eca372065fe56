/** PDF files written as text (ISO 32000-1 §7.5), wrong ones included, without the code that is judged. */

/** Object number → what stands between `obj` and `endobj`, Latin-1. */
export type Objects = ReadonlyMap<number, string>;

export interface Update {
  readonly objects?: Readonly<Record<number, string>>;
  /** Numbers said to be free. */
  readonly free?: readonly number[];
  /** Further entries of the trailer, or others in place of those that are kept. */
  readonly trailer?: Readonly<Record<string, string>>;
  /** Entries of the table that point elsewhere. */
  readonly offsets?: Readonly<Record<number, number>>;
  /** Behind the last %%EOF. */
  readonly tail?: string;
  /** Cross-references in a stream; `hybrid`: in a table and a stream. */
  readonly form?: 'table' | 'stream';
  readonly previous?: number | undefined;
  readonly generation?: number;
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

export const stream = (content: string, dictionary = ''): string =>
  `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;

function table(rows: ReadonlyMap<number, string>): string {
  const numbers = [...rows.keys()].sort((a, b) => a - b);
  let text = 'xref\n';
  for (let at = 0; at < numbers.length; ) {
    let end = at + 1;
    while (numbers[end] === (numbers[end - 1] ?? 0) + 1) end += 1;
    text += `${numbers[at]} ${end - at}\n`;
    for (const number of numbers.slice(at, end)) text += rows.get(number) ?? '';
    at = end;
  }
  return text;
}

const row = (offset: number, generation = 0, kind = 'n'): string =>
  `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind} \n`;

/** A file of one revision; object 1 is the catalogue. */
export function buildPdf(objects: Objects, trailer = '', form: 'table' | 'stream' = 'table'): Uint8Array {
  const head = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  return finish(
    head,
    objects,
    { ...(form === 'stream' ? { form } : {}) },
    `/Root 1 0 R ${trailer}`,
    Math.max(...objects.keys()) + 1,
    true,
  );
}

function finish(
  start: string,
  objects: Objects,
  update: Update,
  trailer: string,
  size: number,
  fresh = false,
): Uint8Array {
  let text = start;
  const rows = new Map<number, string>();
  const places = new Map<number, number>();
  const { generation = 0 } = update;
  for (const [number, body] of objects) {
    const place = update.offsets?.[number] ?? text.length;
    places.set(number, place);
    rows.set(number, row(place, generation));
    text += `${number} ${generation} obj\n${body}\nendobj\n`;
  }
  for (const number of update.free ?? []) rows.set(number, row(0, 1, 'f'));
  for (const [number, offset] of Object.entries(update.offsets ?? {}))
    rows.set(Number(number), row(offset, generation));
  const at = text.length;
  if (update.form === 'stream') {
    const numbers = [...places.keys(), size].sort((a, b) => a - b);
    places.set(size, at);
    const body = numbers.map((number) => {
      const place = places.get(number) ?? 0;
      return String.fromCharCode(1, (place >> 16) & 255, (place >> 8) & 255, place & 255, 0);
    });
    const index = numbers.map((number) => `${number} 1`).join(' ');
    const words = `/Type /XRef /W [1 3 1] /Index [${index}] /Size ${size + 1} ${trailer}`;
    text += `${size} 0 obj\n${stream(body.join(''), words)}\nendobj\n`;
  } else {
    if (fresh) rows.set(0, '0000000000 65535 f \n');
    text += `${table(rows)}trailer\n<< /Size ${size} ${trailer} >>\n`;
  }
  return latin(`${text}startxref\n${at}\n%%EOF\n${update.tail ?? ''}`);
}

/** What an object number stands for last. */
export function objectIn(pdf: Uint8Array, number: number): string {
  const found = [...textOf(pdf).matchAll(new RegExp(`(?:^|\\n)${number} 0 obj\\s([\\s\\S]*?)\\s*endobj`, 'g'))].at(
    -1,
  )?.[1];
  if (found === undefined) throw new Error(`no object ${number}`);
  return found;
}

/** The number of the last object that says so. */
export function numberOf(pdf: Uint8Array, words: string | RegExp): number {
  const objects = [...textOf(pdf).matchAll(/(?:^|\n)(\d+) 0 obj\s([\s\S]*?)\s*endobj/g)];
  const found = objects.findLast(([, , body = '']) =>
    typeof words === 'string' ? body.includes(words) : words.test(body),
  );
  if (!found) throw new Error(`no object with ${String(words)}`);
  return Number(found[1]);
}

export const lastXref = (pdf: Uint8Array): number =>
  Number(/startxref\s+(\d+)(?![\s\S]*startxref)/.exec(textOf(pdf))?.[1]);

/** The number of the next new object. */
export function nextNumber(pdf: Uint8Array): number {
  return Math.max(...[...textOf(pdf).matchAll(/\/Size (\d+)/g)].map(([, size]) => Number(size)));
}

/** The file with one more revision. */
export function appendUpdate(pdf: Uint8Array, update: Update): Uint8Array {
  const text = textOf(pdf);
  const objects = new Map(Object.entries(update.objects ?? {}).map(([number, body]) => [Number(number), body]));
  const size = Math.max(nextNumber(pdf), ...[...objects.keys()].map((number) => number + 1));
  const kept: Record<string, string> = {};
  for (const [key, words] of [
    ['Root', '\\d+ 0 R'],
    ['Info', '\\d+ 0 R'],
    ['ID', '\\[[^\\]]*\\]'],
  ] as const) {
    const found = [...text.matchAll(new RegExp(`/${key} ?(${words})`, 'g'))].at(-1)?.[1];
    if (found !== undefined) kept[key] = found;
  }
  const { previous = lastXref(pdf) } = update;
  const entries = {
    ...kept,
    ...('previous' in update && update.previous === undefined ? {} : { Prev: String(previous) }),
    ...update.trailer,
  };
  const trailer = Object.entries(entries)
    .map(([key, value]) => `/${key} ${value}`)
    .join(' ');
  return finish(text.endsWith('\n') ? text : `${text}\n`, objects, update, trailer, size);
}

/** An object with some words put in place of others; they must be there. */
export function edited(pdf: Uint8Array, number: number, from: string | RegExp, to: string): Record<number, string> {
  const body = objectIn(pdf, number);
  const changed = body.replace(from, () => to);
  if (changed === body) throw new Error(`nothing to replace in object ${number}: ${String(from)}`);
  return { [number]: changed };
}

const ROOM = 4096;
/** As long as any byte range will be. */
const RANGE = '/ByteRange [0 0000000000 0000000000 0000000000]';

export interface SignatureWords {
  readonly subFilter?: string;
  readonly filter?: string;
  readonly more?: string;
  readonly room?: number;
  /** `D:…`. */
  readonly at?: string;
}

/** A signature dictionary that waits for its value. */
export function waiting({
  subFilter = 'ETSI.CAdES.detached',
  filter = 'Adobe.PPKLite',
  more = '',
  room = ROOM,
  at = 'D:20260602030405Z',
}: SignatureWords = {}): string {
  const when = at === '' ? '' : `/M (${at})`;
  return `<< /Type /Sig /Filter /${filter} /SubFilter /${subFilter} ${when} ${more} ${RANGE} /Contents <${'0'.repeat(room * 2)}> >>`;
}

/** Where the last string of a signature stands: `<`, and behind `>`. */
export function roomOf(pdf: Uint8Array): readonly [start: number, end: number] {
  const text = textOf(pdf);
  const start = text.indexOf('<', text.lastIndexOf('/Contents <') + 9);
  return [start, text.indexOf('>', start) + 1];
}

/** What the last signature is over. */
export function contentOf(pdf: Uint8Array, [start, end] = roomOf(pdf)): Uint8Array {
  return Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]);
}

/** The last signature made: its range is written, its value put in its room. */
export function signText(
  pdf: Uint8Array,
  make: (content: Uint8Array) => Uint8Array,
  range?: (numbers: readonly number[]) => string,
): Uint8Array {
  const out = Buffer.from(pdf);
  const [start, end] = roomOf(out);
  const numbers = [0, start, end, out.length - end];
  const words = (range ?? ((all) => `[${all.join(' ')}]`))(numbers);
  const at = out.lastIndexOf(RANGE);
  if (at < 0) throw new Error('no room for the byte range');
  out.write(`/ByteRange ${words}`.padEnd(RANGE.length), at, 'latin1');
  return putValue(out, make(contentOf(out)));
}

/** Another value in the room of the last signature. */
export function putValue(pdf: Uint8Array, value: Uint8Array, padding = '0'): Uint8Array {
  const out = Buffer.from(pdf);
  const [start, end] = roomOf(out);
  const hex = Buffer.from(value).toString('hex');
  if (hex.length > end - start - 2) throw new Error('no room for the value');
  out.write(hex.padEnd(end - start - 2, padding), start + 1, 'latin1');
  return out;
}

/** The value in the room of the last signature, with its padding. */
export function valueIn(pdf: Uint8Array): Uint8Array {
  const [start, end] = roomOf(pdf);
  const padded = Buffer.from(textOf(pdf.subarray(start + 1, end - 1)), 'hex');
  return padded.subarray(0, 4 + padded.readUInt16BE(2));
}
