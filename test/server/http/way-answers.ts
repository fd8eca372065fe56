/** The answers of the ways in, for whoever holds them against their schemas. */
import type { Response } from 'supertest';
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
  return [
    ['get /api/v1/licences/:id/result', await clerk.get(`/api/v1/licences/${licenceId}/result`)],
    ['post /api/v1/licences/:id/scans', scan],
  ];
}
