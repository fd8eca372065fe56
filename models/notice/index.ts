export { listNotices, unreadSchema } from './list-notices.ts';
export { markNoticeRead } from './mark-read.ts';
export { NOTICE_WORDS, type NoticeKind } from './notice-words.ts';
export type { NoticeFacts, Recipient } from './rows.ts';
export { type Notice, tellRecipients } from './tell-recipients.ts';
