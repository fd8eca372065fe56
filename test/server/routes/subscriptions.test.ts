import { expect } from 'chai';
import { deliverTo } from '../../../exchange/index.ts';
import { holdsHmac, openReceiver, type Receiver } from '../../exchange/webhook/receiver.ts';
import { change, publish } from '../../exchange/webhook/subscribe.ts';
import { issueOne } from '../../models/licence/issue-one.ts';
import { CONSUMER, ENTRY } from '../../world/sample-entry.ts';
import { bodyOfAnswer, expectProblem, openWeb, type Web } from '../http/web.ts';

const SUBSCRIPTIONS = '/api/v1/subscriptions';
const CHANGES = '/api/v1/changes';

interface Subscribed {
  readonly id: string;
  readonly secret: string;
}
interface Changes {
  readonly items: readonly { readonly identifier: string; readonly sequence: number; readonly act: string }[];
  readonly next: string;
  readonly more: boolean;
}

describe('changes and subscriptions over HTTP', () => {
  let web: Web;
  let receiver: Receiver;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    receiver = await openReceiver();
  });

  after(async () => {
    await receiver.close();
    await web.close();
  });

  const subscribe = async (key?: string) => {
    const clerk = await web.person('issuer.clerk');
    const call = clerk.post(SUBSCRIPTIONS, { name: '审批系统', url: receiver.url });
    return key ? call.set('Idempotency-Key', key) : call;
  };

  it('show the changes of what a body issues, by a cursor that goes on', async () => {
    const clerk = await web.person('issuer.clerk');
    const start = bodyOfAnswer<Changes>(await clerk.get(`${CHANGES}?after=latest`));
    const { identifier } = await issueOne(web.house);
    await publish(web.house, change('other', 1, { issuingBody: CONSUMER, catalogueCode: `${CONSUMER}001` }));
    const page = bodyOfAnswer<Changes>(await clerk.get(`${CHANGES}?after=${start.next}&limit=1`));
    expect(page.items).to.have.length(1);
    expect(page.items[0]).to.include({ identifier, act: 'issue', type: 'licence', catalogueCode: ENTRY.code });
    expect(JSON.stringify(page)).to.not.match(/样例|990101199001010019/);
    const rest = bodyOfAnswer<Changes>(await clerk.get(`${CHANGES}?after=${page.next}`));
    expect(rest).to.deep.include({ items: [], more: false });
    const officer = await web.person('bureau.officer');
    const all = bodyOfAnswer<Changes>(await officer.get(`${CHANGES}?after=${page.next}`));
    expect(all.items.map((item) => item.identifier)).to.deep.equal(['other']);
  });

  it('show a consuming body nothing but what the bureau lets it know of', async () => {
    const consumer = await web.person('consumer.window');
    const start = bodyOfAnswer<Changes>(await consumer.get(`${CHANGES}?after=latest`));
    await publish(web.house, change('S', 1));
    expect(bodyOfAnswer<Changes>(await consumer.get(`${CHANGES}?after=${start.next}`)).items).to.deep.equal([]);
    const grant = { organisationCode: CONSUMER, catalogueCode: ENTRY.code };
    expectProblem(await consumer.post('/api/v1/change-grants', grant), 403, 'FORBIDDEN');
    const officer = await web.person('bureau.officer');
    expect((await officer.post('/api/v1/change-grants', grant)).status).to.equal(200);
    const seen = bodyOfAnswer<Changes>(await consumer.get(`${CHANGES}?after=${start.next}`));
    expect(seen.items.map(({ identifier }) => identifier)).to.deep.equal(['S']);
    const listed = bodyOfAnswer<{ items: object[] }>(await officer.get('/api/v1/change-grants'));
    expect(listed.items).to.deep.equal([{ ...grant, nextStep: false, state: 'given' }]);
  });

  it('refuse a cursor that is none, or of another feed', async () => {
    const clerk = await web.person('issuer.clerk');
    const foreign = Buffer.from('zkc1-999999999').toString('base64url');
    for (const cursor of ['nonsense', foreign])
      expectProblem(await clerk.get(`${CHANGES}?after=${cursor}`), 409, 'FEED_CURSOR_LOST');
    expectProblem(await (await web.person('holder')).get(CHANGES), 403, 'FORBIDDEN');
    expectProblem(await web.nobody.get(CHANGES), 401, 'UNAUTHENTICATED');
  });

  it('subscribe, show the secret once, and replay the answer to the same key', async () => {
    const first = await subscribe('subscribe-1');
    expect(first.status).to.equal(201);
    const { id, secret } = bodyOfAnswer<Subscribed>(first);
    expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(bodyOfAnswer(await subscribe('subscribe-1'))).to.deep.equal(bodyOfAnswer(first));
    const clerk = await web.person('issuer.clerk');
    const shown = await clerk.get(`${SUBSCRIPTIONS}/${id}`);
    expect(bodyOfAnswer(shown)).to.include({ id, state: 'active', signing: 'hmac' }).and.not.have.property('secret');
    expect(JSON.stringify(web.log)).to.not.contain(secret);
    const raw = await web.house.db.sequelize.query('SELECT * FROM subscriptions');
    expect(JSON.stringify(raw)).to.not.contain(secret.slice(6));
  });

  it('send a test notice, show what came of it, and send it again', async () => {
    const { id, secret } = bodyOfAnswer<Subscribed>(await subscribe());
    const clerk = await web.person('issuer.clerk');
    const ping = await clerk.post(`${SUBSCRIPTIONS}/${id}/ping`, {});
    expect(ping.status).to.equal(201);
    const { id: delivery } = bodyOfAnswer<{ id: string }>(ping);
    await deliverTo(web.house, id, { insideHosts: 'any' });
    const path = `${SUBSCRIPTIONS}/${id}/deliveries`;
    expect(bodyOfAnswer(await clerk.get(`${path}/${delivery}`))).to.include({ state: 'delivered', lastStatus: 204 });
    expect((await clerk.post(`${path}/${delivery}/redeliver`, {})).status).to.equal(200);
    await deliverTo(web.house, id, { insideHosts: 'any' });
    const own = receiver.notices.filter(({ headers }) => headers['webhook-id'] === delivery);
    expect(own.map((notice) => holdsHmac(notice, secret))).to.deep.equal([true, true]);
    const rotated = bodyOfAnswer<Subscribed>(await clerk.post(`${SUBSCRIPTIONS}/${id}/secret`, {}));
    expect(rotated.secret).to.not.equal(secret);
    expect((await clerk.delete(`${SUBSCRIPTIONS}/${id}`)).status).to.equal(200);
    expectProblem(await clerk.get(`${SUBSCRIPTIONS}/${id}`), 404, 'NOT_FOUND');
  });

  it('are each body’s own', async () => {
    const { id } = bodyOfAnswer<Subscribed>(await subscribe());
    const consumer = await web.person('consumer.approver');
    const paths = ['', '/deliveries', '/deliveries/x'].map((end) => `${SUBSCRIPTIONS}/${id}${end}`);
    for (const path of paths) expectProblem(await consumer.get(path), 404, 'NOT_FOUND');
    for (const end of ['', '/ping', '/secret', '/deliveries/x/redeliver'])
      expectProblem(await consumer.post(`${SUBSCRIPTIONS}/${id}${end}`, {}), 404, 'NOT_FOUND');
    expectProblem(await consumer.delete(`${SUBSCRIPTIONS}/${id}`), 404, 'NOT_FOUND');
    expect(bodyOfAnswer<{ items: object[] }>(await consumer.get(SUBSCRIPTIONS)).items).to.deep.equal([]);
    const window = await web.person('consumer.window');
    expectProblem(await window.post(SUBSCRIPTIONS, { name: 'x', url: receiver.url }), 403, 'FORBIDDEN');
  });

  it('refuse addresses inside the own network, with a password, or of another scheme', async () => {
    const clerk = await web.person('issuer.clerk');
    const before = web.house.webhookInsideHosts;
    Object.assign(web.house, { webhookInsideHosts: [] });
    try {
      for (const url of [
        'https://127.0.0.1/x',
        'https://[::ffff:10.0.0.1]/x',
        'https://2130706433/x',
        'https://169.254.169.254/latest',
        'https://user:word@notices.example/',
        'ftp://notices.example/',
        'notices',
      ])
        expectProblem(await clerk.post(SUBSCRIPTIONS, { name: 'x', url }), 400, 'REQUEST_INVALID', [
          '/url WEBHOOK_URL_REFUSED',
        ]);
      Object.assign(web.house, { mode: 'production' });
      const plain = await clerk.post(SUBSCRIPTIONS, { name: 'x', url: 'http://notices.example/' });
      expectProblem(plain, 400, 'REQUEST_INVALID', ['/url WEBHOOK_URL_REFUSED']);
    } finally {
      Object.assign(web.house, { webhookInsideHosts: before, mode: 'demo' });
    }
  });

  it('publish the key with which notices are verified', async () => {
    const answer = await web.nobody.get('/.well-known/zhengku-keys.json');
    const { keys } = bodyOfAnswer<{ keys: { publicKeyPem: string }[] }>(answer);
    expect(keys[0]?.publicKeyPem).to.match(/^-----BEGIN PUBLIC KEY-----/);
  });
});
