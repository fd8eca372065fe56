export { addEvidence, admitEvidence, MOST_EVIDENCE_BYTES } from './add-evidence.ts';
export { answerObjection, answerSchema } from './answer-objection.ts';
export { assignObjection, handlerSchema } from './assign-objection.ts';
export {
  correctionPlanSchema,
  correctionSchema,
  correctObjection,
  planCorrection,
} from './correct-objection.ts';
export { escalateObjections } from './escalate-objections.ts';
export { EVIDENCE_TYPES } from './evidence-format.ts';
export { fileObjection, objectionSchema } from './file-objection.ts';
export { getEvidence } from './get-evidence.ts';
export { listObjections, objectionFilterSchema } from './list-objections.ts';
export { OBJECTION_CATEGORIES, OBJECTION_EVENTS, OBJECTION_STATES } from './objection-words.ts';
export { readObjection } from './read-objection.ts';
export { reminderSchema, remindIssuer } from './remind-issuer.ts';
export { withdrawalSchema, withdrawObjection } from './withdraw-objection.ts';
