/** Changes of PDF text whose cross-reference table is written anew, so that they reach the readers of objects. */
import { BYTE_MUTATORS, dictionaryMutator, type Mutator, pick, TEXT_MUTATORS } from './mutate-bytes.ts';

/** A classical table over all objects that can be seen, behind the bytes as they are. */
function withTable(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const offsets = new Map<number, number>();
  for (const found of text.matchAll(/(?<=^|[\r\n])(\d{1,4}) 0 obj\b/g)) offsets.set(Number(found[1]), found.index);
  const root = /\/Root (\d{1,4}) 0 R/.exec(text)?.[1] ?? '1';
  const rows = [...offsets].map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = Math.max(0, ...offsets.keys()) + 1;
  return Buffer.from(
    `${text}\nxref\n${rows}trailer\n<< /Size ${size} /Root ${root} 0 R >>\nstartxref\n${text.length + 1}\n%%EOF`,
    'latin1',
  );
}

export const PDF_WORDS = [
  '/Kids',
  '/Fields',
  '/V',
  '/Parent',
  '/ByteRange',
  '/Contents',
  '/FT /Sig',
  '/Prev',
  '/XRefStm',
  '/Type /ObjStm',
  '/Type /XRef',
  '/W [1 2 1]',
  '/Index [0 1]',
  '/Filter /FlateDecode',
  '/Length',
  'stream\n',
  'endstream',
  'endobj',
  '1 0 R',
  '3 0 R',
  '<<',
  '>>',
  '[',
  ']',
  '(',
  ')',
  '<',
  '>',
  '%',
  'xref',
  'trailer',
  'startxref\n',
  '%%EOF',
  'null',
  'true',
  '/N 1000000',
  '/First',
  '/Encrypt',
  '/DecodeParms',
  '/Predictor 15',
  '/Columns',
] as const;

const addWord = dictionaryMutator(PDF_WORDS);

export const mutatePdf: Mutator = (bytes, random, other) => {
  const end = Buffer.from(bytes).lastIndexOf('\nxref');
  const body = random() < 0.5 && end > 0 ? bytes.subarray(0, end) : bytes;
  const change = pick(random, [...TEXT_MUTATORS, addWord, pick(random, BYTE_MUTATORS)] as [Mutator, ...Mutator[]]);
  return withTable(change(body, random, other));
};
