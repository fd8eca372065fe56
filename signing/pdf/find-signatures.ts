/** Every signature dictionary of a PDF file (ISO 32000-1 §12.8.1): found by walking all objects that the
 *  cross-references name, and by following the form's signature fields. */
import { SigningError } from '../error.ts';
import type { CheckCode } from '../verify/check-words.ts';
import { type FormNode, formNodes } from './form-nodes.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { integerOf, nameOf, type PdfDict, type PdfString, type PdfValue } from './syntax/pdf-value.ts';

export type ByteRange = readonly [number, number, number, number];

export interface FoundSignature {
  readonly dict: PdfDict;
  readonly contents: PdfString;
  /** The four numbers of /ByteRange. */
  readonly byteRange: ByteRange;
  readonly type: string | undefined;
  readonly filter: string;
  readonly subFilter: string;
  /** It is the value of a signature field, so that readers show it. */
  readonly inField: boolean;
  /** DocMDP permission, when it certifies the document. */
  readonly certifies: 1 | 2 | 3 | undefined;
  /** Fields that it locks (§12.8.2.4). */
  readonly locks: readonly FieldLock[];
  /** What its field's lock leaves permitted in the whole document (PDF 2.0, table 236); undefined when it says nothing. */
  readonly permits: 1 | 2 | 3 | undefined;
  /** Why it cannot be judged at all. */
  readonly fault: CheckCode | undefined;
}

export interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly names: readonly string[];
}

/** More than any document has; each is judged against the others. */
const MAX_SIGNATURES = 200;

/** In the order of what they cover. @throws MALFORMED, TOO_LARGE */
export function findSignatures(file: PdfFile, nodes: readonly FormNode[] = formNodes(file)): FoundSignature[] {
  const found = new Map<string, { dict: PdfDict; field: PdfDict | undefined; holder: number }>();
  const put = (holder: number, dict: PdfDict, field?: PdfDict): void => {
    const contents = dict.entries.get('Contents');
    const key = `${holder} ${contents?.kind === 'string' ? contents.start : ''}`;
    found.set(key, { dict, field: field ?? found.get(key)?.field, holder });
    if (found.size > MAX_SIGNATURES) throw new SigningError('TOO_LARGE', 'too many signatures');
  };
  file.forEach((number, value) => {
    collect(value, (dict) => put(number, dict));
  }, mayHoldSignature);
  for (const { type, value, valueHolder, dict: field } of nodes) {
    const dict = type === 'Sig' ? file.dict(value) : undefined;
    if (dict === undefined) continue;
    put(value?.kind === 'ref' ? holderOf(file, value.number) : (valueHolder ?? -1), dict, field);
  }
  const signatures = [...found.values()].map(({ dict, field, holder }) => toSignature(file, dict, field, holder));
  return signatures.sort((a, b) => endOf(a) - endOf(b));
}

/** Where the bytes end that a signature covers. */
export function endOf({ byteRange }: Pick<FoundSignature, 'byteRange'>): number {
  return byteRange[2] + byteRange[3];
}

/** Without the word, or a way to write it otherwise (§7.3.5), nothing inside has a byte range. */
function mayHoldSignature(bytes: Buffer): boolean {
  return bytes.includes('ByteRange', 0, 'latin1') || bytes.includes(0x23);
}

/** Dictionaries inside a value that have a byte range. */
function collect(value: PdfValue, put: (dict: PdfDict) => void): void {
  if (value.kind === 'array') for (const item of value.items) collect(item, put);
  if (value.kind !== 'dict') return;
  if (value.entries.has('ByteRange') && value.entries.has('Contents')) put(value);
  for (const entry of value.entries.values()) collect(entry, put);
}

/** The object at the end of references to references. */
function holderOf(file: PdfFile, number: number): number {
  const entry = file.entries.get(number);
  const own = entry?.kind === 'offset' ? file.rawObject(number)?.value : undefined;
  return own?.kind === 'ref' && own.number !== number ? own.number : number;
}

const NO_CONTENTS: PdfString = { kind: 'string', bytes: new Uint8Array(), plainHex: false, start: 0, end: 0 };

function toSignature(file: PdfFile, dict: PdfDict, field: PdfDict | undefined, holder: number): FoundSignature {
  const contents = dict.entries.get('Contents');
  const range = dict.entries.get('ByteRange');
  const numbers = range?.kind === 'array' ? range.items.map(integerOf) : [];
  const whole = numbers.length === 4 && numbers.every((number) => number !== undefined && number >= 0);
  const [a = 0, b = 0, c = 0, d = 0] = whole ? numbers : [];
  // inside an object stream its offsets are not the file's
  const standing = contents?.kind === 'string' && file.entries.get(holder)?.kind === 'offset';
  const { certifies, locks } = transformsOf(file, dict);
  return {
    dict,
    contents: contents?.kind === 'string' ? contents : NO_CONTENTS,
    byteRange: [a, b, c, d],
    type: nameOf(file.resolve(dict.entries.get('Type'))),
    filter: nameOf(file.resolve(dict.entries.get('Filter'))) ?? '',
    subFilter: nameOf(file.resolve(dict.entries.get('SubFilter'))) ?? '',
    inField: field !== undefined,
    certifies,
    locks,
    permits: permissionOf(file, file.dict(field?.entries.get('Lock'))),
    fault: whole && standing ? undefined : 'BYTE_RANGE_WRONG',
  };
}

/** Table 254: the DocMDP transform's /P, 2 when unsaid, 1 when it is none there is. Table 256: fields that are locked. */
function transformsOf(file: PdfFile, dict: PdfDict): Pick<FoundSignature, 'certifies' | 'locks'> {
  const references = file.resolve(dict.entries.get('Reference'));
  let certifies: FoundSignature['certifies'];
  const locks: FieldLock[] = [];
  for (const item of references.kind === 'array' ? references.items : []) {
    const reference = file.dict(item);
    const method = nameOf(file.resolve(reference?.entries.get('TransformMethod')));
    const parameters = file.dict(reference?.entries.get('TransformParams'));
    if (method === 'FieldMDP') locks.push(lockOf(file, parameters));
    if (method !== 'DocMDP') continue;
    const known = permissionOf(file, parameters) ?? 2;
    certifies = certifies === undefined || known < certifies ? known : certifies;
  }
  return { certifies, locks };
}

/** The /P of a dictionary, 1 when it is none there is; undefined when it is unsaid. */
function permissionOf(file: PdfFile, parameters: PdfDict | undefined): 1 | 2 | 3 | undefined {
  const stated = file.resolve(parameters?.entries.get('P'));
  if (stated.kind === 'null') return undefined;
  const permission = integerOf(stated);
  return permission === 2 || permission === 3 ? permission : 1;
}

/** What cannot be read locks everything. */
function lockOf(file: PdfFile, parameters: PdfDict | undefined): FieldLock {
  const action = nameOf(file.resolve(parameters?.entries.get('Action')));
  const fields = file.resolve(parameters?.entries.get('Fields'));
  if ((action !== 'Include' && action !== 'Exclude') || fields.kind !== 'array') return { action: 'All', names: [] };
  const names = fields.items.map((item) => file.resolve(item));
  return {
    action,
    names: names.flatMap((one) => (one.kind === 'string' ? [Buffer.from(one.bytes).toString('latin1')] : [])),
  };
}
