export { makeFileBlobs } from './blobs/file-blobs.ts';
export { checkDurable, closeDatabase, openDatabase } from './database.ts';
export { answerOnce, type StoredAnswer } from './idempotency/answer-once.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export { addToOutbox } from './outbox/add-to-outbox.ts';
export { drainOutbox, type DrainResult, type OutboxItem, Unrecoverable } from './outbox/drain-outbox.ts';
export { type Tx, withTransaction } from './with-transaction.ts';
