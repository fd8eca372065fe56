/** A submission (信息提交) as it comes from any way in, read property by property so that every fault is named at once. */
import { z } from 'zod';
import type { PointedFault } from '../kernel/fault.ts';
import { escapePointer } from '../kernel/plain-text.ts';
import { writtenText } from '../kernel/written-text.ts';
import { toPointedFaults } from '../kernel/zod-faults.ts';
import { successionSchema } from './succession.ts';

const MAX_NAME = 200;

export const holderSchema = z.strictObject({
  name: writtenText(MAX_NAME),
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
  caseNumber: writtenText(64).optional(),
  /** Issued by notification-and-commitment (告知承诺). */
  commitment: z.boolean().optional(),
  classified: z.boolean().optional(),
  /** Issued on paper before and digitised (存量, R-34): it keeps its number and its day of issue. */
  stock: z
    .strictObject({
      /** YYYY-MM-DD. */
      issuedOn: z.string().max(20),
      /** What is printed on the paper itself. */
      paperNumber: writtenText(120).optional(),
    })
    .optional(),
  /** It is a new version of this licence (延续, 变更, 补证). */
  succeeds: successionSchema.optional(),
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
