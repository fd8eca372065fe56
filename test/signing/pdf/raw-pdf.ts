/** PDF files and revisions written by hand, so that a test can break one rule and keep all others. Text is latin1. */
import { fillByteRange, fillContents, findPlaceholder } from '../../../signing/pdf/placeholder.ts';
import type { VerificationReport } from '../../../signing/verify/report.ts';

/** Bodies of objects by number. */
export type Objects = Readonly<Record<number, string>>;

export interface Revision {
  readonly objects?: Objects;
  /** Numbers that the table frees. */
  readonly free?: readonly number[];
  /** Entries that lead to where nothing is written here. */
  readonly offsets?: Readonly<Record<number, number>>;
  /** More keys of the trailer. */
  readonly trailer?: string;
  /** Where the table says the one before stands; default: where it does. */
  readonly previous?: number;
  /** Bytes between the revision before and this one. */
  readonly between?: string;
}

const entry = (offset: number, kind: string): string =>
  `${String(offset).padStart(10, '0')} ${kind === 'f' ? '65535' : '00000'} ${kind} \n`;

/** A whole file of one revision. */
export function writePdf(objects: Objects, trailer = ''): Buffer {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const numbers = Object.keys(objects).map(Number);
  const offsets = new Map<number, number>();
  for (const number of numbers) {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${objects[number] ?? ''}\nendobj\n`;
  }
  const size = Math.max(...numbers) + 1;
  const start = text.length;
  text += `xref\n0 ${size}\n`;
  for (let number = 0; number < size; number += 1) {
    const offset = offsets.get(number);
    text += offset === undefined ? entry(0, 'f') : entry(offset, 'n');
  }
  text += `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** The offset that the last `startxref` states. */
export function startOf(pdf: Uint8Array): number {
  const text = Buffer.from(pdf).toString('latin1');
  return Number(/startxref\s+(\d+)/.exec(text.slice(text.lastIndexOf('startxref')))?.[1]);
}

/** The number of the first object that is not there. */
export function sizeOf(pdf: Uint8Array): number {
  return Math.max(
    ...[
      ...Buffer.from(pdf)
        .toString('latin1')
        .matchAll(/\/Size (\d+)/g),
    ].map((match) => Number(match[1])),
  );
}

/** Append a revision with a table, whatever it does to the document. */
export function revise(pdf: Uint8Array, revision: Revision): Buffer {
  const { objects = {}, free = [], offsets = {}, trailer = '', between = '' } = revision;
  let text = between;
  const entries = new Map<number, string>(Object.entries(offsets).map(([n, at]) => [Number(n), entry(at, 'n')]));
  for (const number of free) entries.set(number, entry(0, 'f'));
  for (const [number, body] of Object.entries(objects)) {
    entries.set(Number(number), entry(pdf.length + text.length, 'n'));
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const start = pdf.length + text.length;
  const size = Math.max(sizeOf(pdf), ...[...entries.keys()].map((number) => number + 1));
  const table = [...entries].sort(([a], [b]) => a - b).map(([number, line]) => `${number} 1\n${line}`);
  const previous = revision.previous ?? startOf(pdf);
  const [kept = ''] = /\/Info \d+ 0 R/.exec(Buffer.from(pdf).toString('latin1')) ?? [];
  text += `xref\n${table.join('')}trailer\n<< /Size ${size} /Root 1 0 R /Prev ${previous} ${kept} ${trailer} >>\n`;
  return Buffer.concat([pdf, Buffer.from(`${text}startxref\n${start}\n%%EOF\n`, 'latin1')]);
}

/** A stream's body. */
export function streamBody(data: string, keys = ''): string {
  return `<< /Length ${data.length} ${keys} >>\nstream\n${data}\nendstream`;
}

/** Sign the room that was kept by whatever makes the structure: over what the byte range names. */
export function fillRoom(prepared: Uint8Array, make: (content: Buffer) => Uint8Array): Uint8Array {
  const pdf = Buffer.from(prepared);
  const at = findPlaceholder(pdf);
  fillByteRange(pdf, at);
  fillContents(pdf, at, make(Buffer.concat([pdf.subarray(0, at.gapStart), pdf.subarray(at.gapEnd)])));
  return pdf;
}

/** Put other text of the same length in the place of what stands there once. */
export function exchange(pdf: Uint8Array, was: string, is: string): Buffer {
  const copy = Buffer.from(pdf);
  const at = copy.indexOf(was, 0, 'latin1');
  if (at < 0 || was.length !== is.length) throw new RangeError(`${was} cannot be exchanged`);
  copy.write(is, at, 'latin1');
  return copy;
}

/** What failed, as `name CODE`, each once. */
export function faultsOf(report: VerificationReport): string[] {
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  return [...new Set(failed.map(({ name, code }) => `${name} ${code}`))];
}

/** Codes of what was warned of, each once. */
export function warningsOf(report: VerificationReport): string[] {
  return [...new Set(report.checks.filter(({ outcome }) => outcome === 'warned').map(({ code }) => code ?? ''))];
}
