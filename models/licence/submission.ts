/** A submission (信息提交) as it comes from any way in, read property by property so that every fault is named at once. */
import { z } from 'zod';
import type { PointedFault } from '../kernel/fault.ts';

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
    const result = schema.safeParse((body as Record<string, unknown>)[key]);
    if (result.success) {
      if (result.data !== undefined) submission[key] = result.data;
    } else {
      for (const issue of result.error.issues) faults.push(toPointedFault(issue, [key]));
    }
  }
  for (const key of Object.keys(body))
    if (!Object.hasOwn(shape, key)) faults.push({ pointer: `/${escapePointer(key)}`, code: 'FIELD_UNKNOWN' });
  return { submission, faults };
}

/** RFC 6901: ~ and / are written ~0 and ~1. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A shape fault in our words. Unknown keys point at themselves. */
export function toPointedFault(issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): PointedFault {
  const path = [...at, ...issue.path].map((part) => escapePointer(String(part)));
  const pointer = path.length > 0 ? `/${path.join('/')}` : '';
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { pointer, code: 'FIELD_REQUIRED' }
        : { pointer, code: 'FIELD_TYPE', detail: issue.expected };
    case 'too_big':
      return { pointer, code: 'FIELD_TOO_LONG', detail: String(issue.maximum) };
    case 'too_small':
      return { pointer, code: 'FIELD_REQUIRED', detail: String(issue.minimum) };
    case 'invalid_value':
      return { pointer, code: 'FIELD_NOT_IN_CODE_LIST', detail: issue.values.map(String).join(', ') };
    case 'unrecognized_keys':
      return { pointer: `${pointer}/${escapePointer(issue.keys[0] ?? '')}`, code: 'FIELD_UNKNOWN' };
    default:
      return { pointer, code: 'FIELD_PATTERN', detail: issue.message };
  }
}
