export { acceptReturned, type ReturnedState, returnedRecordSchema } from './accept-returned.ts';
export { acceptSealedLicences, type SealedItem } from './accept-sealed-licence.ts';
export { agreesWithSubmission } from './agrees-with-submission.ts';
export type { BulkDone, BulkOutcome, RememberAll } from './bulk-outcome.ts';
export { changeStatus, changeStatuses, type StatusItem, statusChangeSchema } from './change-status.ts';
export { checkByCode, type PublicCheck } from './check-by-code.ts';
export { type HandedFile, judgeAhead } from './check-handed-files.ts';
export { composeRecords, type LicenceRecord, type RecordedLicence } from './compose-records.ts';
export { downloadOriginal } from './download-original.ts';
export { drawPreview } from './draw-preview.ts';
export { findLicences, findSequences } from './find-licences.ts';
export { hasReviewRule } from './find-review.ts';
export { findStanding } from './find-standing.ts';
export { getOwnForReading } from './get-own-for-reading.ts';
export { judgeReturned, judgeReturnedFiles } from './judge-returned.ts';
export {
  type JudgedSubmission,
  judgeSubmissions,
  type SubmissionItem,
  type SubmissionSource,
} from './judge-submissions.ts';
export { listHeld } from './list-held.ts';
export { listOwnLicences } from './list-own-licences.ts';
export {
  type MaintainedLicence,
  type MaintenanceItem,
  maintainRecord,
  maintainRecords,
  maintenanceSchema,
} from './maintain-records.ts';
export { numberKeyOf } from './number-licence.ts';
export { asOfQuery, readAsOf } from './read-as-of.ts';
export { readLicence } from './read-licence.ts';
export type { ChangedLicence } from './record-steps.ts';
export { reviewByRule } from './review-by-rule.ts';
export { reviewLicence, reviewSchema } from './review-licence.ts';
export { reviewRuleSchema, saveReviewRule } from './save-review-rule.ts';
export { sealActSchema } from './seal-act.ts';
export { sealLicence } from './seal-licence.ts';
export {
  isLegalStep,
  LICENCE_STATES,
  LICENCE_STATUSES,
  type LicenceStatus,
  MOVES,
  STATUS_ACTS,
  type StatusAct,
  SUCCESSION_ACTS,
  statusOn,
} from './states.ts';
export { type Submission, submissionSchema } from './submission.ts';
export { submitLicence } from './submit-licence.ts';
export { type SubmissionOutcome, submitLicences } from './submit-licences.ts';
export { succeedLicence, successionRequestSchema } from './succeed-licence.ts';
export { sweepIntents } from './sweep-intents.ts';
export { turnLicences } from './turn-licences.ts';
export type { LicenceView } from './view-licence.ts';
export { resultHeaders, viewResult } from './view-result.ts';
export { withdrawalSchema, withdrawLicence } from './withdraw-licence.ts';
export { plannedWithdrawalSchema, withdrawPlannedMove } from './withdraw-planned-move.ts';
export { withdrawReviewRule } from './withdraw-review-rule.ts';
