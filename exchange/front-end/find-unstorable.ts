/** Half of a surrogate pair and NUL can stand in JSON as escapes, but no database keeps them as they are: what was stored would
 *  not be what was digested. */
import type { PointedFault } from '../../models/kernel/fault.ts';
import { escapePointer } from '../../models/kernel/plain-text.ts';

/** Every text, and every name, in a value read from JSON. */
export function findUnstorable(value: unknown, pointer: string): PointedFault[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ pointer, code: 'CONTROL_CHARACTER' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) =>
    isStorable(name)
      ? findUnstorable(below, `${pointer}/${escapePointer(name)}`)
      : [{ pointer, code: 'CONTROL_CHARACTER' as const }],
  );
}

const isStorable = (text: string) => !/[\p{Cs}\0]/u.test(text);
