import { NOTICE_WORDS } from './notice-words.ts';
import type { NoticeColumns } from './rows.ts';

export interface NoticeView
  extends Pick<NoticeColumns, 'id' | 'recipient' | 'kind' | 'subjectId' | 'stage' | 'facts' | 'readBy'> {
  readonly zh: string;
  readonly en: string;
  readonly createdAt: string;
  readonly readAt: string | null;
}

export function viewNotice({ createdAt, readAt, ...row }: NoticeColumns): NoticeView {
  const { zh, en } = NOTICE_WORDS[row.kind];
  return { ...row, zh, en, createdAt: createdAt.toISOString(), readAt: readAt?.toISOString() ?? null };
}
