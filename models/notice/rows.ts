/** Rows of notices: what a body, the bureau or a holder is told by the repository itself. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { NoticeKind } from './notice-words.ts';

/** Who is told: a body by its code, the bureau, or a holder by the id of its row. */
export type Recipient = `body:${string}` | 'bureau' | `holder:${string}`;

/** Numbers, codes and dates; never names or numbers of persons. */
export type NoticeFacts = Readonly<Record<string, string | number | boolean | null>>;

/** One for each recipient, kind, subject and stage. */
export interface NoticeColumns {
  id: string;
  recipient: Recipient;
  kind: NoticeKind;
  /** What it is about: the id of a clock, the number of an objection or order. */
  subjectId: string;
  /** Which of several tellings about one subject. */
  stage: string;
  facts: NoticeFacts;
  createdAt: Date;
  /** When the first of the recipient's people marked it as read. */
  readAt: Date | null;
  readBy: string | null;
}

export function defineNoticeRows(sequelize: Sequelize) {
  return {
    notices: defineTable<NoticeColumns>(sequelize, 'notices', {
      id: 'key',
      recipient: 'text',
      kind: 'text',
      subjectId: 'text',
      stage: 'text',
      facts: 'json',
      createdAt: 'instant',
      readAt: 'instant',
      readBy: 'text',
    }),
  };
}
