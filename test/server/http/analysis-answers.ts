/** The answers of bulk analysis, for whoever holds them against their schemas. */
import type { Response } from 'supertest';
import { deliverAnalysesJob } from '../../../jobs/deliver-analyses.ts';
import { houseCaller } from '../../../models/house.ts';
import { application, makeRecipient } from '../../models/analysis/analysis-world.ts';
import { bodyOfAnswer, type Web } from './web.ts';

/** As its tick would run it. */
export async function runDeliveries({ house }: Web): Promise<void> {
  const queue = { add: () => Promise.resolve() };
  const work = { queue, key: 'deliver-analyses', signal: new AbortController().signal };
  await deliverAnalysesJob.run(house, houseCaller('deliver-analyses'), work);
}

export async function analysisAnswers(web: Web): Promise<[string, Response][]> {
  const approver = await web.person('consumer.approver');
  const officer = await web.person('bureau.officer');
  const path = '/api/v1/analyses';
  const body = application(await makeRecipient(web.house.clock()));
  const applied = await approver.post(path, body);
  const { number } = bodyOfAnswer<{ number: string }>(applied);
  const second = bodyOfAnswer<{ number: string }>(await approver.post(path, body)).number;
  const granted = await officer.post(`${path}/${number}/decision`, { decision: 'granted', reason: '必要' });
  await runDeliveries(web);
  return [
    ['post /api/v1/analyses', applied],
    ['get /api/v1/analyses/:number/count', await officer.get(`${path}/${number}/count`)],
    ['post /api/v1/analyses/:number/decision', granted],
    ['post /api/v1/analyses/:number/withdraw', await approver.post(`${path}/${second}/withdraw`, {})],
    ['get /api/v1/analyses', await officer.get(path)],
    ['get /api/v1/analyses/:number', await approver.get(`${path}/${number}`)],
    ['post /api/v1/analyses/trace', await officer.post(`${path}/trace`, { rows: [{ mark: 'f'.repeat(32) }] })],
    ['post /api/v1/analyses/:number/revoke', await officer.post(`${path}/${number}/revoke`, { reason: '用途不符' })],
  ];
}
