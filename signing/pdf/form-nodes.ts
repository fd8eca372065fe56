/** The nodes of a PDF's form (ISO 32000-1 §12.7.3), down the tree of AcroForm/Fields: fields, and the places where they
 *  show. What is inherited is worked out. */
import { SigningError } from '../error.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import { integerOf, nameOf, type PdfDict, type PdfValue } from './syntax/pdf-value.ts';

export interface FormNode {
  /** The object it is; undefined when it stands in a list itself. */
  readonly number: number | undefined;
  readonly dict: PdfDict;
  /** Partial names from the root joined by periods, as bytes. */
  readonly name: string;
  /** Tx, Btn, Ch or Sig. */
  readonly type: string | undefined;
  readonly flags: number;
  /** As it stands, perhaps a reference; perhaps of a node above. */
  readonly value: PdfValue | undefined;
  /** The object that `value` stands in, when it is no reference. */
  readonly valueHolder: number | undefined;
}

const MAX_NODES = 100_000;
const REQUIRED = 2;

type Inherited = Omit<FormNode, 'dict' | 'number'>;

const NOTHING: Inherited = { name: '', type: undefined, flags: 0, value: undefined, valueHolder: undefined };

/** The form's dictionary. */
export function formOf(file: PdfFile): PdfDict | undefined {
  return file.dict(file.dict(file.trailer.entries.get('Root'))?.entries.get('AcroForm'));
}

/** @throws TOO_LARGE, MALFORMED */
export function formNodes(file: PdfFile): FormNode[] {
  const found: FormNode[] = [];
  const pending: { value: PdfValue; above: Inherited; holder: number | undefined }[] = [];
  const push = (list: PdfValue, above: Inherited, holder: number | undefined): void => {
    if (list.kind !== 'array') return;
    if (list.items.length + pending.length + found.length > MAX_NODES) {
      throw new SigningError('TOO_LARGE', 'too many form fields');
    }
    for (const value of list.items) pending.push({ value, above, holder });
  };
  push(file.resolve(formOf(file)?.entries.get('Fields')), NOTHING, undefined);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    file.budget.spend(1);
    const dict = file.dict(next.value);
    if (dict === undefined) continue;
    const number = next.value.kind === 'ref' ? next.value.number : undefined;
    const own = inherit(file, dict, next.above, number ?? next.holder);
    found.push({ ...own, number, dict });
    push(file.resolve(dict.entries.get('Kids')), own, number ?? next.holder);
  }
  return found;
}

function inherit(file: PdfFile, dict: PdfDict, above: Inherited, holder: number | undefined): Inherited {
  const partial = file.resolve(dict.entries.get('T'));
  const text = partial.kind === 'string' ? Buffer.from(partial.bytes).toString('latin1') : undefined;
  const value = dict.entries.get('V');
  const own = value !== undefined && file.resolve(value).kind !== 'null';
  return {
    name: text === undefined ? above.name : above.name === '' ? text : `${above.name}.${text}`,
    type: nameOf(file.resolve(dict.entries.get('FT'))) ?? above.type,
    flags: integerOf(file.resolve(dict.entries.get('Ff'))) ?? above.flags,
    value: own ? value : above.value,
    valueHolder: own ? holder : above.valueHolder,
  };
}

/** Names of signature fields that must be filled and are not. */
export function emptyRequiredSignatures(nodes: readonly FormNode[]): string[] {
  return nodes
    .filter(({ type, flags, value }) => type === 'Sig' && (flags & REQUIRED) !== 0 && value === undefined)
    .map(({ name }) => name);
}
