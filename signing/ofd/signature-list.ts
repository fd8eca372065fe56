/** The list of signatures (GB/T 33190 §18.1) as it grows. Ours has one form only; in others' lists a row is put behind the
 *  last one, and all else stays as it stood. */
import { SigningError } from '../error.ts';
import { readSignaturesXml, type SignatureListing } from './read-signature-xml.ts';
import { SIGNATURES_PATH, type SignatureType, signFolder, writeSignaturesXml } from './write-signature-xml.ts';

export interface SignatureList {
  /** Path inside the package. */
  readonly path: string;
  readonly rows: readonly SignatureListing[];
  /** The file as others wrote it; undefined for a list in our form. */
  readonly foreign: string | undefined;
}

/** A list of ours with nothing in it. */
export const EMPTY_LIST: SignatureList = { path: SIGNATURES_PATH, rows: [], foreign: undefined };

/** Where a further signature lies. */
export interface SignaturePlace {
  readonly id: string;
  /** Folder of its files, no leading slash. */
  readonly folder: string;
  /** The list with its row, and the file of it. */
  readonly list: SignatureList;
  readonly listBytes: Uint8Array;
}

const threeDigits = (number: number) => String(number).padStart(3, '0');

/** Make room for one more signature. @throws UNSUPPORTED for a list that cannot be continued */
export function placeSignature(list: SignatureList, type: SignatureType, paths: Iterable<string>): SignaturePlace {
  const count = list.rows.length;
  if (list.foreign === undefined) {
    const row = { id: `s${threeDigits(count + 1)}`, type, baseLoc: `Sign_${count}/Signature.xml` };
    const rows = [...list.rows, row];
    const types = rows.map((one) => (one.type === 'Sign' ? 'Sign' : 'Seal'));
    return { id: row.id, folder: signFolder(count), list: { ...list, rows }, listBytes: writeSignaturesXml(types) };
  }
  const base = list.path.slice(0, list.path.lastIndexOf('/') + 1);
  const taken = [...paths].map((path) => path.toLowerCase());
  let number = count;
  while (taken.some((path) => path.startsWith(`${base}Sign_${number}/`.toLowerCase()))) number++;
  let idNumber = count + 1;
  const ids = new Set(list.rows.map(({ id }) => id));
  while (ids.has(`s${threeDigits(idNumber)}`)) idNumber++;
  const row = { id: `s${threeDigits(idNumber)}`, type, baseLoc: `Sign_${number}/Signature.xml` };
  const foreign = addRow(list.foreign, row);
  const rows = [...list.rows, row];
  const listBytes = Buffer.from(foreign);
  if (JSON.stringify(readSignaturesXml(listBytes)) !== JSON.stringify(rows)) throw unwritable();
  return { id: row.id, folder: `${base}Sign_${number}`, list: { ...list, rows, foreign }, listBytes };
}

function unwritable(): SigningError {
  return new SigningError('UNSUPPORTED', 'the list of signatures cannot be continued', {
    reason: 'SIGNATURE_LIST_WRONG',
  });
}

/** The row before the closing tag of the root, under the root's own prefix; MaxSignId follows. */
function addRow(text: string, { id, type, baseLoc }: SignatureListing): string {
  const open = /<((?:[\w.-]+:)?)Signatures\b[^<>]*?(\/?)>/.exec(text);
  const [tag, prefix = '', empty] = open ?? [];
  if (!open || tag === undefined) throw unwritable();
  const row = `<${prefix}Signature ID="${id}" Type="${type}" BaseLoc="${baseLoc}"/>`;
  const close = `</${prefix}Signatures>`;
  const grown = text.replace(/(<(?:[\w.-]+:)?MaxSignId>)[^<]*(<)/, `$1${id}$2`);
  if (empty) return grown.replace(tag, `${tag.replace(/\/>$/, '>')}${row}${close}`);
  const at = grown.lastIndexOf(close);
  if (at < 0) throw unwritable();
  return grown.slice(0, at) + row + grown.slice(at);
}
