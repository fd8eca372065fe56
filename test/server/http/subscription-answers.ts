/** An answer of every call of the change feed and of subscriptions, for the check against their schemas. */
import type { Response } from 'supertest';
import { CONSUMER, ENTRY } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function subscriptionAnswers(web: Web): Promise<readonly (readonly [string, Response])[]> {
  const clerk = await web.person('issuer.clerk');
  const officer = await web.person('bureau.officer');
  const path = '/api/v1/subscriptions';
  const added = await clerk.post(path, { name: '审批系统', url: 'https://notices.example/' });
  const own = `${path}/${bodyOfAnswer<{ id: string }>(added).id}`;
  const ping = await clerk.post(`${own}/ping`, {});
  const delivery = `/deliveries/${bodyOfAnswer<{ id: string }>(ping).id}`;
  const grant = { organisationCode: CONSUMER, catalogueCode: ENTRY.code, nextStep: true };
  return [
    ['get /api/v1/changes', await clerk.get('/api/v1/changes')],
    ['post /api/v1/change-grants', await officer.post('/api/v1/change-grants', grant)],
    ['get /api/v1/change-grants', await officer.get('/api/v1/change-grants')],
    ['get /.well-known/zhengku-keys.json', await web.nobody.get('/.well-known/zhengku-keys.json')],
    ['post /api/v1/subscriptions', added],
    ['get /api/v1/subscriptions', await clerk.get(path)],
    ['get /api/v1/subscriptions/:id', await clerk.get(own)],
    ['post /api/v1/subscriptions/:id', await clerk.post(own, { acts: ['annul'] })],
    ['post /api/v1/subscriptions/:id/secret', await clerk.post(`${own}/secret`, {})],
    ['post /api/v1/subscriptions/:id/ping', ping],
    ['get /api/v1/subscriptions/:id/deliveries', await clerk.get(`${own}/deliveries?state=waiting`)],
    ['get /api/v1/subscriptions/:id/deliveries/:delivery', await clerk.get(`${own}${delivery}`)],
    [
      'post /api/v1/subscriptions/:id/deliveries/:delivery/redeliver',
      await clerk.post(`${own}${delivery}/redeliver`, {}),
    ],
    ['delete /api/v1/subscriptions/:id', await clerk.delete(own)],
  ];
}
