/** What a daily statement says, by department. Times are UTC, the day is of Asia/Shanghai, digests are SM3 in hex. */
import { z } from 'zod';

const count = z.int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const side = z.strictObject({ count, digest: digest.nullable() });

const departmentSchema = z.strictObject({
  /** Unified social credit code of the issuer; empty for what names none. */
  code: z.string(),
  name: z.string().nullable(),
  /** What the province has confirmed to the city, and what it holds by its own tree, at the last comparison of the period. */
  city: side,
  province: side.nullable(),
  equal: z.boolean(),
  /** Found and repaired within the period. */
  found: z.strictObject({ missing: count, differs: count, extra: count }),
  repaired: z.strictObject({ sentAgain: count, withdrawn: count }),
  /** At the last comparison, not repaired by itself. */
  open: z.strictObject({
    ...{ missing: count, differs: count, extra: count },
    ...{ ahead: count, deleted: count, altered: count, refused: count, pending: count },
  }),
});

export const statementSchema = z.strictObject({
  format: z.literal('zhengku-province-statement-1'),
  day: z.iso.date(),
  /** Where the signing repository stands. */
  repository: z.string(),
  /** What was compared with. */
  province: z.string(),
  /** The statement before this one. */
  previous: z.strictObject({ day: z.iso.date(), digest }).nullable(),
  /** From the end of the last comparison of the statement before to the end of the last comparison of this one. */
  period: z.strictObject({ from: z.string().nullable(), to: z.string() }),
  comparisons: z.array(z.string()),
  /** `city`: the province could not say what it holds. */
  scope: z.enum(['both', 'city']),
  /** The city's database notices what is removed or altered by hand. */
  guarded: z.boolean(),
  /** Nothing was open, and both sides were equal in every department. */
  agreed: z.boolean(),
  departments: z.array(departmentSchema),
});

export type Statement = z.infer<typeof statementSchema>;
export type StatementDepartment = z.infer<typeof departmentSchema>;
