/** Whether two PDF values say the same, wherever their bytes stand. */
import type { PdfDict, PdfValue } from '../syntax/pdf-value.ts';

export function isSame(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'string':
      return b.kind === 'string' && Buffer.compare(a.bytes, b.bytes) === 0;
    case 'array':
      return (
        b.kind === 'array' &&
        a.items.length === b.items.length &&
        a.items.every((item, at) => isSame(item, b.items[at]))
      );
    case 'dict':
      return b.kind === 'dict' && changedKeys(a, b).length === 0;
    case 'ref':
      return b.kind === 'ref' && a.number === b.number && a.generation === b.generation;
    case 'null':
      return true;
    default:
      return 'value' in b && a.value === b.value;
  }
}

/** Keys whose values differ, or that only one of the two has. */
export function changedKeys(was: PdfDict, is: PdfDict): string[] {
  const keys = new Set([...was.entries.keys(), ...is.entries.keys()]);
  return [...keys].filter((key) => !isSame(was.entries.get(key), is.entries.get(key)));
}
