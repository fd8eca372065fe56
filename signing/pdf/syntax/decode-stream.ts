/** Streams that hold structure (ISO 32000-1 §7.5.7, §7.5.8): FlateDecode with PNG predictors, or plain. */
import { inflateSync } from 'node:zlib';
import { SigningError } from '../../error.ts';
import { integerOf, nameOf, type PdfDict, type PdfValue, pdfFault } from './pdf-value.ts';
import { PdfReader } from './read-value.ts';
import type { WorkBudget } from './work-budget.ts';

/** Structure streams of genuine files are far smaller. */
const MAX_INFLATED = 32 * 1024 * 1024;

/** The bytes of a stream, which must be followed by `endstream`. @throws MALFORMED */
export function streamBytes(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length < 0 || start + length > bytes.length) throw pdfFault('stream length wrong', start);
  new PdfReader(bytes, start + length).expectKeyword('endstream');
  return bytes.subarray(start, start + length);
}

/** @param raw the bytes between `stream` and `endstream`
 * @throws UNSUPPORTED for other filters, TOO_LARGE beyond 32 MiB or the file's budget, MALFORMED for broken data */
export function decodeStream(dict: PdfDict, raw: Uint8Array, offset: number, budget: WorkBudget): Uint8Array {
  const filters = listOf(dict.entries.get('Filter'));
  if (filters.length === 0) return raw;
  if (filters.length > 1 || nameOf(filters[0]) !== 'FlateDecode') {
    throw new SigningError('UNSUPPORTED', 'a structure stream is packed in an unknown way', { offset });
  }
  const [parameters] = listOf(dict.entries.get('DecodeParms'));
  const data = inflate(raw, offset);
  budget.unpack(data.length);
  return undoPredictor(data, parameters, offset);
}

function listOf(value: PdfValue | undefined): readonly PdfValue[] {
  if (value === undefined || value.kind === 'null') return [];
  return value.kind === 'array' ? value.items : [value];
}

function inflate(raw: Uint8Array, offset: number): Uint8Array {
  try {
    return inflateSync(raw, { maxOutputLength: MAX_INFLATED });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new SigningError('TOO_LARGE', 'a stream is too large', { offset }, { cause });
    throw pdfFault(`stream cannot be unpacked (${String(cause)})`, offset);
  }
}

/** PNG predictors (ISO 32000-1 §7.4.4.4): each row is preceded by its filter type. */
function undoPredictor(data: Uint8Array, parameters: PdfValue | undefined, offset: number): Uint8Array {
  const entries = parameters?.kind === 'dict' ? parameters.entries : new Map<string, PdfValue>();
  const predictor = integerOf(entries.get('Predictor')) ?? 1;
  if (predictor === 1) return data;
  const columns = integerOf(entries.get('Columns')) ?? 1;
  const plain =
    (integerOf(entries.get('Colors')) ?? 1) === 1 && (integerOf(entries.get('BitsPerComponent')) ?? 8) === 8;
  if (predictor < 10 || columns < 1 || !plain || data.length % (columns + 1) !== 0) {
    throw new SigningError('UNSUPPORTED', 'a structure stream has an unknown predictor', { offset });
  }
  const rows = data.length / (columns + 1);
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const type = data[row * (columns + 1)] ?? 0;
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const left = column === 0 ? 0 : (out[at - 1] ?? 0);
      const up = row === 0 ? 0 : (out[at - columns] ?? 0);
      const upLeft = row === 0 || column === 0 ? 0 : (out[at - columns - 1] ?? 0);
      out[at] = (data[row * (columns + 1) + 1 + column] ?? 0) + predicted(type, left, up, upLeft);
    }
  }
  return out;
}

function predicted(type: number, left: number, up: number, upLeft: number): number {
  if (type === 0) return 0;
  if (type === 1) return left;
  if (type === 2) return up;
  if (type === 3) return (left + up) >> 1;
  const estimate = left + up - upLeft;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
  return a <= b && a <= c ? left : b <= c ? up : upLeft;
}
