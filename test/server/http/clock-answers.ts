/** The calls of late clocks, as they answer the department whose they are. */
import type { Response } from 'supertest';
import { openDeadline } from '../../../models/deadline/open-deadline.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { ENTRY, ISSUER } from '../../world/sample-entry.ts';
import type { Web } from './web.ts';

export async function clockAnswers(web: Web): Promise<[string, Response][]> {
  const facts = { kind: 'offline-push' as const, subjectId: 'LATE-CASE', organisationCode: ISSUER };
  const startedAt = new Date('2026-01-05T01:00:00Z');
  const { id } = await withTransaction(web.house.db, (tx) => openDeadline(web.house, tx, { ...facts, startedAt }));
  const clerk = await web.person('issuer.clerk');
  const officer = await web.person('bureau.officer');
  const batch = { caseNumber: 'PL-ANSWERS', catalogueCode: ENTRY.code };
  await clerk.post('/api/v1/cases', {
    ...batch,
    mode: 'batch',
    batchSize: 2,
    closedAt: web.house.clock().toISOString(),
  });
  const shrinkage = { ...batch, organisationCode: ISSUER, batchSize: 1, reason: '多报一条' };
  return [
    ['post /api/v1/cases/batch-size', await officer.post('/api/v1/cases/batch-size', shrinkage)],
    [
      'post /api/v1/deadlines/:id/reason',
      await clerk.post(`/api/v1/deadlines/${id}/reason`, { reason: '系统升级，未能及时推送' }),
    ],
    ['get /api/v1/deadlines/league', await clerk.get('/api/v1/deadlines/league?from=2026-01-01&to=2026-03-31')],
  ];
}
