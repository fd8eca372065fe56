/** Tell bodies, the bureau or holders of something, inside the act by which it came about. */
import type { House } from '../house.ts';
import { insertMissing } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { NoticeKind } from './notice-words.ts';
import type { NoticeColumns, NoticeFacts, Recipient } from './rows.ts';
import { tellSubscribers } from './tell-subscribers.ts';

export interface Notice {
  readonly to: Recipient;
  readonly kind: NoticeKind;
  readonly subjectId: string;
  readonly stage: string;
  readonly facts: NoticeFacts;
}

/** However often it is told, it is kept once: the first telling stands. */
export async function tellRecipients(house: House, tx: Tx, notices: readonly Notice[]): Promise<void> {
  const createdAt = house.clock();
  const rows = notices.map(
    ({ to, kind, subjectId, stage, facts }): NoticeColumns => ({
      ...{ id: house.newId(), recipient: to, kind, subjectId, stage, facts, createdAt, readAt: null, readBy: null },
    }),
  );
  await insertMissing(house.db, tx, house.db.rows.notices, 'id', rows);
  await tellSubscribers(house, tx, rows);
}
