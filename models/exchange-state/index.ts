export { findUntoldCodes, keepProvinceCodes, noteTold } from './catalogue-codes.ts';
export { countProvince } from './count-province.ts';
export { type FrontEndMachine, type FrontEndView, listFrontEnds, openFrontEndList } from './find-front-ends.ts';
export {
  findProvinceState,
  noteHeld,
  noteReceipt,
  noteSent,
  type ProvinceSubject,
  queueAgain,
} from './follow-province.ts';
export {
  AppliedMeanwhile,
  type AppliedRow,
  appliedId,
  countAwaiting,
  findApplied,
  findAwaiting,
  logRefusals,
  type Receipt,
  type RowMark,
  recordApplied,
  updateReceipts,
} from './record-applied.ts';
export { recordComparison, startComparison } from './record-comparison.ts';
export { endRun, startRun } from './record-run.ts';
export { type AppliedRowColumns, FRONT_END_PROFILES, type FrontEndProfileName } from './rows.ts';
export { frontEndSchema, saveFrontEnd } from './save-front-end.ts';
export {
  FILE_NUMBER_CONTEXT,
  findHenanSubjects,
  type HenanWritten,
  noteHenanRefused,
  noteHenanWritten,
  numberHenanSubjects,
} from './follow-henan.ts';
export type { HenanSubjectColumns } from './henan-rows.ts';
