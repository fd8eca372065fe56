/** The answers of archiving and printing, for whoever holds them against their schemas. */
import { expect } from 'chai';
import type { Response } from 'supertest';
import { workOnArchives } from '../../../models/archive/index.ts';
import { readBinary } from './read-binary.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function archiveAnswers(web: Web, licenceId: string, within: object): Promise<[string, Response][]> {
  const clerk = await web.person('issuer.clerk');
  const window = await web.person('consumer.window');
  const path = '/api/v1/archives';
  const ordered = await clerk.post(path, { purpose: 'issued', year: 2026 });
  const { archiveId } = bodyOfAnswer<{ archiveId: string }>(ordered);
  await workOnArchives(web.house, () => true);
  const file = await clerk.get(`${path}/${archiveId}/volumes/1`).buffer(true).parse(readBinary);
  expect([file.status, file.type]).to.deep.equal([200, 'application/zip']);
  const printed = await clerk.post(`/api/v1/licences/${licenceId}/prints`, { purpose: '窗口打印' });
  const { serial } = bodyOfAnswer<{ serial: string }>(printed);
  const paper = await clerk.get(`/api/v1/prints/${serial}`).buffer(true).parse(readBinary);
  expect([paper.status, paper.type]).to.deep.equal([200, 'application/pdf']);
  return [
    ['post /api/v1/archives', ordered],
    ['get /api/v1/archives', await clerk.get(path)],
    ['get /api/v1/archives/:id', await clerk.get(`${path}/${archiveId}`)],
    ['get /api/v1/archives/:id/volumes', await clerk.get(`${path}/${archiveId}/volumes`)],
    ['get /api/v1/licences/:id/archives', await clerk.get(`/api/v1/licences/${licenceId}/archives`)],
    ['post /api/v1/licences/:id/prints', printed],
    ['post /api/v1/sharing/prints', await window.post('/api/v1/sharing/prints', within)],
  ];
}
