/** Annual inspections and commitments. */
import { z } from 'zod';
import { COMMITMENT_STATES, stageSchema } from '../../../models/commitment/index.ts';
import { INSPECTION_STATES } from '../../../models/inspection/index.ts';

const text = z.string();
const perhaps = z.string().nullable();

export const inspectionAnswer = z.strictObject({
  inspectionId: text,
  licenceId: text,
  catalogueCode: text,
  issuingBody: text,
  year: z.int(),
  state: z.enum(INSPECTION_STATES),
  opensOn: text,
  closesOn: text,
  onMissed: z.enum(['suspend', 'record']),
  legalBasis: text,
  suspended: z.boolean(),
  reason: perhaps,
  statement: z.strictObject({ text, facts: z.record(z.string(), z.string()) }).nullable(),
  submittedAt: perhaps,
  settledAt: perhaps,
});

export const commitmentAnswer = z.strictObject({
  licenceId: text,
  issuingBody: text,
  catalogueCode: text,
  state: z.enum(COMMITMENT_STATES),
  stage: stageSchema.nullable(),
  dueOn: perhaps,
  rectifyBy: perhaps,
  endedAt: perhaps,
  items: z
    .array(
      z.strictObject({
        item: z.int(),
        name: text,
        dueOn: text,
        arrivedAt: perhaps,
        late: z.boolean(),
        sm3: perhaps,
        note: perhaps,
      }),
    )
    .readonly(),
  arrivedBefore: z
    .array(z.strictObject({ licenceId: text, name: text, dueOn: text, arrivedAt: text, sm3: perhaps }))
    .readonly(),
  steps: z
    .array(
      z.strictObject({
        act: z.enum(['promise', 'amend', 'arrive', 'rectify', 'rectified', 'carry', 'end']),
        actor: text,
        at: text,
        details: z.record(z.string(), z.unknown()),
      }),
    )
    .readonly(),
});

export const annulmentAnswer = z.strictObject({
  licenceId: text,
  catalogueCode: text,
  issuingBody: text,
  annulledAt: text,
  told: z
    .array(
      z.strictObject({
        organisationCode: text,
        toldAt: text,
        acknowledgedAt: perhaps,
        sameDay: z.boolean(),
      }),
    )
    .readonly(),
});
