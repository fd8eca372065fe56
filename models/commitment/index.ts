export { arrivalSchema, arriveItem } from './arrive-item.ts';
export { listAnnulments } from './list-annulments.ts';
export { listCommitments, readCommitment, stageSchema } from './list-commitments.ts';
export { promiseItems, promiseSchema } from './promise-items.ts';
export {
  endRectification,
  rectificationSchema,
  rectifiedSchema,
  rectifyCommitment,
} from './rectify-commitment.ts';
export { COMMITMENT_STATES } from './rows.ts';
export { watchPromises } from './watch-promises.ts';
