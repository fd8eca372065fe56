/** A submission (信息提交) as it comes from any way in, read property by property so that every fault is named at once. */
import { z } from 'zod';
import type { PointedFault } from '../kernel/fault.ts';
import { escapePointer } from '../kernel/plain-text.ts';

const MAX_NAME = 200;

export const holderSchema = z.strictObject({
  name: z.string().min(1).max(MAX_NAME),
  type: z.enum(['natural', 'legal']),
  number: z.string().min(1).max(64),
  /** GB/T 36903 Annex A; default 001 for legal and 111 for natural persons. */
  numberType: z
    .string()
    .regex(/^\d{3}$/)
    .optional(),
});

export const submissionSchema = z.strictObject({
  catalogueCode: z.string().min(1).max(40),
  holders: z.array(holderSchema).min(1).max(50),
  /** Values by field key; a picture field takes base64 of a PNG or JPEG. */
  fields: z.record(z.string().max(60), z.string()),
  /** YYYY-MM-DD. */
  validFrom: z.string().max(20).optional(),
  /** YYYY-MM-DD; none means open-ended. */
  validTo: z.string().max(20).optional(),
  closedAt: z.iso.datetime({ offset: true }).optional(),
  caseNumber: z.string().min(1).max(64).optional(),
  /** Issued by notification-and-commitment (告知承诺). */
  commitment: z.boolean().optional(),
  classified: z.boolean().optional(),
});
export type Submission = z.infer<typeof submissionSchema>;

/** What could be read of a submission, and what could not. */
export interface ReadSubmission {
  readonly submission: Partial<Submission>;
  readonly faults: readonly PointedFault[];
}

/** Read what can be read; a property of the wrong shape becomes a fault and is left out, so that the rules can still judge
 *  the rest. */
export function readSubmission(body: unknown): ReadSubmission {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { submission: {}, faults: [{ pointer: '', code: 'FIELD_TYPE', detail: 'object' }] };
  }
  const faults: PointedFault[] = [];
  const submission: Record<string, unknown> = {};
  const shape: Readonly<Record<string, z.ZodType>> = submissionSchema.shape;
  for (const [key, schema] of Object.entries(shape)) {
    const result = schema.safeParse((body as Record<string, unknown>)[key], { reportInput: true });
    if (result.success) {
      if (result.data !== undefined) submission[key] = result.data;
    } else {
      faults.push(...toPointedFaults(result.error.issues, [key]));
    }
  }
  for (const key of Object.keys(body))
    if (!Object.hasOwn(shape, key)) faults.push({ pointer: `/${escapePointer(key)}`, code: 'FIELD_UNKNOWN' });
  return { submission, faults };
}

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
export function toPointedFault(issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): PointedFault {
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
    case 'unrecognized_keys':
      return { pointer: `${pointer}/${escapePointer(issue.keys[0] ?? '')}`, code: 'FIELD_UNKNOWN' };
    default:
      return { pointer, code: 'FIELD_PATTERN', detail: issue.message };
  }
}

/** Nothing where something must stand. Without the input at hand only the words of a type fault tell. */
function isAbsent(issue: z.core.$ZodIssue): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return false;
  return 'input' in issue ? issue.input === undefined : issue.message.endsWith('received undefined');
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${escapePointer(String(part))}`).join('');
}
