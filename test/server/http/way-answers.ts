/** The answers of the ways in, for whoever holds them against their schemas. */
import type { Response } from 'supertest';
import { COMPANY, ENTRY } from '../../world/sample-entry.ts';
import { submission } from './issue.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function wayAnswers(web: Web): Promise<[string, Response][]> {
  const clerk = await web.person('issuer.clerk');
  const submitted = await clerk.post('/api/v1/licences', submission({ stock: { issuedOn: '2024-05-06' } }));
  const { licenceId } = bodyOfAnswer<{ licenceId: string }>(submitted);
  const scan = await clerk
    .post(`/api/v1/licences/${licenceId}/scans?name=paper.pdf`)
    .set('Content-Type', 'application/octet-stream')
    .send(Buffer.from('%PDF-1.4'));
  const saved = await clerk.post('/api/v1/drafts', { catalogueCode: ENTRY.code, submission: {} });
  const { draftId } = bodyOfAnswer<{ draftId: string }>(saved);
  const draft = `/api/v1/drafts/${draftId}`;
  const { fields } = submission();
  const whole = { holders: [{ name: '样例建设有限公司', type: 'legal', number: COMPANY }], fields };
  const spare = await clerk.post('/api/v1/drafts', { catalogueCode: ENTRY.code, submission: {} });
  const system = await web.system(['issuer.clerk']);
  return [
    ['get /api/v1/catalogue/:code/form', await clerk.get(`/api/v1/catalogue/${ENTRY.code}/form`)],
    ['post /api/v1/fill-links', await system.post('/api/v1/fill-links', { catalogueCode: ENTRY.code })],
    ['post /api/v1/drafts', saved],
    ['get /api/v1/drafts', await clerk.get('/api/v1/drafts')],
    ['get /api/v1/drafts/:id', await clerk.get(`${draft}?faults=true`)],
    ['post /api/v1/drafts/:id', await clerk.post(draft, { submission: whole })],
    ['post /api/v1/drafts/:id/submit', await clerk.post(`${draft}/submit`, {})],
    [
      'delete /api/v1/drafts/:id',
      await clerk.delete(`/api/v1/drafts/${bodyOfAnswer<{ draftId: string }>(spare).draftId}`),
    ],
    ['get /api/v1/licences/:id/result', await clerk.get(`/api/v1/licences/${licenceId}/result`)],
    ['post /api/v1/licences/:id/scans', scan],
  ];
}
