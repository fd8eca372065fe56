/** Imports of licences by sheet, what became of their rows, and scans. */
import { z } from 'zod';
import { IMPORT_KINDS, IMPORT_STATES } from '../../../models/import/index.ts';
import { FAULTS, type FaultCode } from '../../../models/kernel/fault-codes.ts';
import { LICENCE_STATES } from '../../../models/licence/index.ts';

const text = z.string();
const perhaps = z.string().nullable();
const count = z.int();
const faultCode = z.enum(Object.keys(FAULTS) as [FaultCode, ...FaultCode[]]);

const pointedFault = z.strictObject({ pointer: text, code: faultCode, detail: text.optional() });

export const importAnswer = z.strictObject({
  importId: text,
  kind: z.enum(IMPORT_KINDS),
  catalogueCode: text,
  mode: z.enum(['dry-run', 'apply']),
  stock: z.boolean(),
  state: z.enum(IMPORT_STATES),
  fileName: text,
  sizeBytes: count,
  sm3: text,
  rows: z.strictObject({ total: count, judged: count, accepted: count, alreadyThere: count, refused: count }),
  licences: z.partialRecord(z.enum(LICENCE_STATES), count),
  scans: z.strictObject({ received: count, attached: count, refused: count }),
  declaration: z
    .strictObject({
      way: z.enum(['offline', 'batch']),
      reason: text,
      caseNumber: text.optional(),
      closedAt: text.optional(),
    })
    .nullable(),
  fault: z.strictObject({ code: text, detail: text.optional(), errors: z.array(pointedFault).readonly() }).nullable(),
  createdAt: text,
  endedAt: perhaps,
});

export const importRowAnswer = z.strictObject({
  row: count,
  outcome: z.enum(['accepted', 'there', 'refused']),
  licenceId: perhaps,
  faults: z.array(pointedFault).readonly(),
});

export const scanAnswer = z.strictObject({
  scanId: text,
  name: text,
  state: text,
  format: perhaps,
  sizeBytes: count,
  sm3: perhaps,
  fault: pointedFault.nullable(),
  createdAt: text,
});
