export { answerObjection, answerSchema, fileObjection, objectionSchema, readObjection } from './file-objection.ts';
