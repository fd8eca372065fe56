export { findUntoldCodes, keepProvinceCodes, noteTold } from './catalogue-codes.ts';
export { countAcknowledged, countProvince } from './count-province.ts';
export { type FrontEndMachine, type FrontEndView, listFrontEnds, openFrontEndList } from './find-front-ends.ts';
export { findPending, lockConfirmed, lockPending } from './find-pending.ts';
export {
  type Alarm,
  type AlarmChanges,
  type AlarmView,
  findOpenAlarms,
  listAlarms,
  setAlarms,
} from './follow-alarms.ts';
export {
  FILE_NUMBER_CONTEXT,
  findHenanSerials,
  findHenanSubjects,
  type HenanWritten,
  listHenanWritten,
  noteHenanAltered,
  noteHenanRefused,
  noteHenanWritten,
  numberHenanSubjects,
} from './follow-henan.ts';
export { findLink, listLinks, noteLinkDown, noteLinkUp, noteUnbelieved } from './follow-link.ts';
export { findProvinceStates, noteFollowed, noteGone, queueAgainIn } from './follow-province.ts';
export { type Followed, type ProvinceSubject, stateKeyOf } from './followed.ts';
export { forgetOldExchange } from './forget-old-exchange.ts';
export type { HenanSubjectColumns } from './henan-rows.ts';
export { listRefusals, type Refusal, type Replayed, refusalQuerySchema, replayRefusal } from './list-refusals.ts';
export {
  type Arrival,
  findOutstanding,
  type LagFigures,
  type Outstanding,
  sumLags,
  TWO_CYCLES_MS,
} from './note-lags.ts';
export { findNotices, markTold } from './notices.ts';
export type { ProvinceReturnColumns, ProvinceStateColumns as ProvinceState } from './province-rows.ts';
export {
  AppliedMeanwhile,
  type AppliedRow,
  appliedId,
  countAwaiting,
  findApplied,
  findAwaiting,
  findLastApplied,
  logRefusals,
  nameMachines,
  type Receipt,
  type RowMark,
  recordApplied,
  updateReceipts,
} from './record-applied.ts';
export { findComparisonsAfter, recordComparison, startComparison } from './record-comparison.ts';
export { endRun, findUnread, startRun } from './record-run.ts';
export {
  findCursor,
  findPagesAgain,
  findReturns,
  isDueReturn,
  isNewReturn,
  keepCursor,
  noteNotReturned,
  noteNotToBeHad,
  noteReturns,
} from './returns.ts';
export { type AppliedRowColumns, FRONT_END_PROFILES, type FrontEndProfileName } from './rows.ts';
export { frontEndSchema, saveFrontEnd } from './save-front-end.ts';
export {
  findNewestStatement,
  findStatement,
  getStatement,
  keepStatement,
  listStatements,
  type StatementView,
} from './statements.ts';
export { type OutcomeCount, sumRuns } from './sum-runs.ts';
export { foldTree } from './tree-fold.ts';
export { findConfirmed, readCityNodes, readCityRecords, readCityRoots } from './tree-read.ts';
export {
  type FoundDifference,
  findWaiting,
  logUnrepaired,
  noteWithdrawn,
  type Resend,
  sendAgain,
  type Withdrawn,
} from './tree-repair.ts';
export { dropSuspects, hasGuards, listSuspects, noteUnconfirmed, type TreeSuspect } from './tree-suspects.ts';
