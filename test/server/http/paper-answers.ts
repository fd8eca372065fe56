/** Paper that was asked for, for the test that holds each answer to its schema. */
import type { Response } from 'supertest';
import { toShanghaiDate } from '../../../models/kernel/clock.ts';
import { CONSUMER, ENTRY } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Hand, type Web } from './web.ts';

export async function paperAnswers(web: Web, holder: Hand, useCode: string): Promise<[string, Response][]> {
  const [window, supervisor] = [await web.person('consumer.window'), await web.person('bureau.supervisor')];
  const exception = { legalBasis: '《样例法》第一条', words: '须核对原件' };
  const request = { useCode, catalogueCode: ENTRY.code, reason: '核对原件', exception };
  const asked = await window.post('/api/v1/paper-requests', request);
  const one = `/api/v1/paper-requests/${bodyOfAnswer<{ requestId: string }>(asked).requestId}`;
  const askedOn = toShanghaiDate(web.house.clock());
  const report = { organisationCode: CONSUMER, catalogueCode: ENTRY.code, askedOn, words: '窗口要求交复印件' };
  const filed = await holder.post('/api/v1/paper-reports', report);
  const other = `/api/v1/paper-reports/${bodyOfAnswer<{ reportId: string }>(filed).reportId}`;
  const reason = '已经核查';
  return [
    ['post /api/v1/materials/obtainable', await window.post('/api/v1/materials/obtainable', { useCode })],
    ['post /api/v1/paper-requests', asked],
    ['get /api/v1/paper-requests', await window.get('/api/v1/paper-requests')],
    [
      'post /api/v1/paper-requests/:id/judgement',
      await supervisor.post(`${one}/judgement`, { tenable: false, reason }),
    ],
    ['get /api/v1/paper-requests/:id', await window.get(one)],
    ['post /api/v1/paper-reports', filed],
    [
      'post /api/v1/paper-reports/:id/judgement',
      await supervisor.post(`${other}/judgement`, { confirmed: true, reason }),
    ],
    ['get /api/v1/paper-reports', await holder.get('/api/v1/paper-reports')],
    ['get /api/v1/paper-reports/:id', await holder.get(other)],
  ];
}
