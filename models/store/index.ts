export { makeFileBlobs } from './blobs/file-blobs.ts';
export { checkDurable, closeDatabase, openDatabase } from './database.ts';
export { answerOnce, type StoredAnswer } from './idempotency/answer-once.ts';
export { forgetOldAnswers } from './idempotency/forget-old-answers.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export { type DrainResult, drainOutbox, type OutboxItem, Unrecoverable } from './outbox/drain-outbox.ts';
export { isDuplicate, type Tx, withTransaction } from './with-transaction.ts';
