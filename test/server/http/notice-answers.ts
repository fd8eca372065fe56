/** The calls of notices, as they answer one who was told something. */
import type { Response } from 'supertest';
import { tellRecipients } from '../../../models/notice/index.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function noticeAnswers(web: Web): Promise<[string, Response][]> {
  const notice = { kind: 'clock.warned' as const, subjectId: 'C1', stage: 'warned', facts: { subject: 'AJ-1' } };
  await withTransaction(web.house.db, (tx) => tellRecipients(web.house, tx, [{ to: `body:${ISSUER}`, ...notice }]));
  const clerk = await web.person('issuer.clerk');
  const list = await clerk.get('/api/v1/notices?unread=true');
  const { items } = bodyOfAnswer<{ items: { id: string }[] }>(list);
  const id = items[0]?.id;
  return [
    ['get /api/v1/notices', list],
    ['post /api/v1/notices/:id/read', await clerk.post(`/api/v1/notices/${id}/read`, {})],
  ];
}
