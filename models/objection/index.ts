export { answerObjection, answerSchema } from './answer-objection.ts';
export { fileObjection, objectionSchema } from './file-objection.ts';
export { readObjection } from './read-objection.ts';
