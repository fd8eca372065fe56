/** Shape faults (zod) in our words, for every way in: HTTP, command line, sheets, front-end machines. Pointers are RFC 6901. */
import type { z } from 'zod';
import type { PointedFault } from './fault.ts';
import { escapePointer } from './plain-text.ts';

/** All faults of a shape in our words, every unknown key among them. Give `reportInput` when parsing, so that what is missing
 *  can be told from what is of the wrong kind. */
export function toPointedFaults(
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[] = [],
): readonly PointedFault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [toPointedFault(issue, at)];
    return issue.keys.map((key) => ({
      pointer: toPointer([...at, ...issue.path, key]),
      code: 'FIELD_UNKNOWN' as const,
    }));
  });
}

/** A shape fault in our words. Unknown keys point at the first of them. */
function toPointedFault(issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): PointedFault {
  const pointer = toPointer([...at, ...issue.path]);
  if (isAbsent(issue)) return { pointer, code: 'FIELD_REQUIRED' };
  switch (issue.code) {
    case 'invalid_type':
      return { pointer, code: 'FIELD_TYPE', detail: issue.expected };
    case 'too_big':
      return { pointer, code: 'FIELD_TOO_LONG', detail: String(issue.maximum) };
    case 'too_small':
      return issue.minimum === 1
        ? { pointer, code: 'FIELD_REQUIRED' }
        : { pointer, code: 'FIELD_PATTERN', detail: `≥ ${issue.minimum}` };
    case 'invalid_value':
      return { pointer, code: 'FIELD_NOT_IN_CODE_LIST', detail: issue.values.map(String).join(', ') };
    case 'invalid_format':
      return isImpossibleInstant(issue)
        ? { pointer, code: 'DATE_IMPOSSIBLE' }
        : { pointer, code: 'FIELD_PATTERN', detail: issue.message };
    case 'unrecognized_keys':
      return { pointer: `${pointer}/${escapePointer(issue.keys[0] ?? '')}`, code: 'FIELD_UNKNOWN' };
    default:
      return { pointer, code: 'FIELD_PATTERN', detail: issue.message };
  }
}

const INSTANT_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Written like an instant, and still none: 30 February, 25 o'clock. */
function isImpossibleInstant(issue: z.core.$ZodIssueInvalidStringFormat): boolean {
  return issue.format === 'datetime' && typeof issue.input === 'string' && INSTANT_FORM.test(issue.input);
}

/** Nothing where something must stand. Without the input at hand only the words of a type fault tell. */
function isAbsent(issue: z.core.$ZodIssue): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return false;
  return 'input' in issue ? issue.input === undefined : issue.message.endsWith('received undefined');
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${escapePointer(String(part))}`).join('');
}
