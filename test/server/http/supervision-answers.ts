/** The stages of orders, for the test that holds each answer to its schema. */
import type { Response } from 'supertest';
import { houseCaller } from '../../../models/house.ts';
import { makeReports, supervise } from '../../../models/supervision/index.ts';
import { ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Web } from './web.ts';

const ORDERS = '/api/v1/supervision/orders';
const DAY_MS = 86_400_000;
const reason = { reason: '已经核查' };

export async function supervisionAnswers(web: Web): Promise<readonly (readonly [string, Response])[]> {
  const [clerk, supervisor] = [await web.person('issuer.clerk'), await web.person('bureau.supervisor')];
  // Weeks before, so that nobody's session ends meanwhile.
  const now = web.house.clock();
  const closedAt = new Date(now.getTime() - 30 * DAY_MS).toISOString();
  web.house.time.advance({ days: -30 });
  for (const caseNumber of ['AJ-51', 'AJ-52', 'AJ-53']) {
    const closing = { caseNumber, catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '系统故障', closedAt };
    await clerk.post('/api/v1/cases', closing);
  }
  web.house.time.advance({ days: 10 });
  await supervise(web.house, houseCaller('test'));
  const found = await supervisor.get('/api/v1/supervision/findings?kind=case-late&open=true&limit=200');
  const items = bodyOfAnswer<{ items: { findingId: string; link: string }[] }>(found).items;
  const ids = items.map(({ findingId }) => findingId);
  const issue = (at: number) =>
    supervisor.post(ORDERS, {
      ...{ organisationCode: ISSUER, findings: [ids[at]], persons: ['王一'], demand: '补推逾期证照', workingDays: 1 },
    });
  const issued = [await issue(0), await issue(1), await issue(2)];
  const [one, late, wrong] = issued.map((response) => bodyOfAnswer<{ orderId: string }>(response).orderId);
  const acknowledged = await clerk.post(`${ORDERS}/${one}/acknowledge`, {});
  const answered = await clerk.post(`${ORDERS}/${one}/answer`, { answer: '已补推一部分' });
  const returned = await supervisor.post(`${ORDERS}/${one}/return`, { ...reason, workingDays: 2 });
  await clerk.post(`${ORDERS}/${one}/answer`, { answer: '已全部补推', evidenceDigest: '0'.repeat(64) });
  const accepted = await supervisor.post(`${ORDERS}/${one}/accept`, reason);
  const withdrawn = await supervisor.post(`${ORDERS}/${wrong}/withdraw`, reason);
  web.house.time.advance({ days: 10 });
  await supervise(web.house, houseCaller('test'));
  const referral = { authority: '市纪委监委', legalBasis: '《暂行办法》第二十九条', reason: '拒不整改' };
  const answers: (readonly [string, Response])[] = [
    ['get /api/v1/supervision/findings', found],
    ['get /api/v1/supervision/findings/:id', await clerk.get(`/api/v1/supervision/findings/${ids[0]}`)],
    ['get /api/v1/deadlines/:id', await clerk.get(items[0]?.link ?? '')],
    ['post /api/v1/supervision/orders', issued[0] as Response],
    ['post /api/v1/supervision/orders/:id/acknowledge', acknowledged],
    ['post /api/v1/supervision/orders/:id/answer', answered],
    ['post /api/v1/supervision/orders/:id/return', returned],
    ['post /api/v1/supervision/orders/:id/accept', accepted],
    ['post /api/v1/supervision/orders/:id/withdraw', withdrawn],
    ['post /api/v1/supervision/orders/:id/criticise', await supervisor.post(`${ORDERS}/${late}/criticise`, {})],
    ['post /api/v1/supervision/orders/:id/refer', await supervisor.post(`${ORDERS}/${late}/refer`, referral)],
    [
      'post /api/v1/supervision/orders/:id/conclude',
      await supervisor.post(`${ORDERS}/${late}/conclude`, { outcome: '给予提醒谈话' }),
    ],
    ['get /api/v1/supervision/orders', await clerk.get(ORDERS)],
    ['get /api/v1/supervision/orders/:id', await clerk.get(`${ORDERS}/${late}`)],
    ['get /api/v1/supervision/circulars', await clerk.get('/api/v1/supervision/circulars')],
  ];
  await makeReports(web.house, houseCaller('test'));
  const path = '/api/v1/supervision/reports';
  const reports = await clerk.get(path);
  const reportIds = bodyOfAnswer<{ items: { reportId: string }[] }>(reports).items.map(({ reportId }) => reportId);
  answers.push(
    ['get /api/v1/supervision/reports', reports],
    ['get /api/v1/supervision/reports/:id', await clerk.get(`${path}/${reportIds[0]}`)],
    [
      'get /api/v1/supervision/reports/:id/figures/:figure/cases',
      await clerk.get(`${path}/${reportIds[0]}/figures/case-late.open/cases`),
    ],
  );
  web.house.time.set(now);
  return answers;
}
