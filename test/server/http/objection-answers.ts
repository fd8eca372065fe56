/** An objection's whole way, for the test that holds each answer to its schema. */
import type { Response } from 'supertest';
import { EVIDENCE } from '../../models/objection/file-world.ts';
import { bodyOfAnswer, type Hand, type Web } from './web.ts';

const OBJECTIONS = '/api/v1/objections';

export async function objectionAnswers(
  web: Web,
  holder: Hand,
  identifier: string,
): Promise<readonly (readonly [string, Response])[]> {
  const reviewer = await web.person('issuer.reviewer');
  const officer = await web.person('bureau.officer');
  const filing = { identifier, text: '地址有误，请更正', claims: [{ field: 'address', right: '样例路2号' }] };
  const filed = await holder.post(OBJECTIONS, filing);
  const { number } = bodyOfAnswer<{ number: string }>(filed);
  const other = bodyOfAnswer<{ number: string }>(await holder.post(OBJECTIONS, { ...filing, category: 'file' }));
  const one = `${OBJECTIONS}/${number}`;
  const users = await web.house.db.rows.users.findAll();
  const handler = users.find(({ loginName }) => loginName.startsWith('issuer.reviewer.'))?.id ?? '';
  const evidence = await holder.post(`${one}/evidence?name=a.png`).type('image/png').send(EVIDENCE.png);
  const assigned = await reviewer.post(`${one}/handler`, { handler });
  const reminded = await officer.post(`${one}/reminders`, { words: '请即答复' });
  const answered = await reviewer.post(`${one}/answer`, { outcome: 'upheld', answer: '属实，予以更正' });
  const planned = await reviewer.post(`${one}/plan`, { plan: '补录数据' });
  const correction = await correct(web, one, identifier);
  return [
    ['post /api/v1/objections', filed],
    ['post /api/v1/objections/:number/evidence', evidence],
    ['post /api/v1/objections/:number/handler', assigned],
    ['post /api/v1/objections/:number/reminders', reminded],
    ['post /api/v1/objections/:number/answer', answered],
    ['post /api/v1/objections/:number/plan', planned],
    ['post /api/v1/objections/:number/correction', correction],
    ['post /api/v1/objections/:number/withdraw', await holder.post(`${OBJECTIONS}/${other.number}/withdraw`, {})],
    ['get /api/v1/objections/:number', await holder.get(one)],
    ['get /api/v1/objections', await officer.get(OBJECTIONS)],
  ];
}

/** By data that no face shows. */
async function correct(web: Web, one: string, identifier: string): Promise<Response> {
  const clerk = await web.person('issuer.clerk');
  const row = await web.house.db.rows.licences.findOne({ where: { identifier } });
  await clerk.post(`/api/v1/licences/${row?.id}/data`, { caseNumber: 'AJ-77', reason: '更正办件号' });
  return clerk.post(`${one}/correction`, { sequence: (row?.sequence ?? 0) + 1 });
}
