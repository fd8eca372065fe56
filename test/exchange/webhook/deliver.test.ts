import { expect } from 'chai';
import { deliverTo } from '../../../exchange/webhook/deliver.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { saveChangeGrant } from '../../../models/publication/index.ts';
import { listRepositoryKeys } from '../../../models/seal/index.ts';
import {
  changeSubscription,
  countSubscriptions,
  fanOut,
  findWork,
  getDelivery,
  getSubscription,
  listDeliveries,
  pingSubscription,
  redeliver,
  removeSubscription,
  rotateSecret,
} from '../../../models/subscription/index.ts';
import { RETRY_TABLE } from '../../../models/subscription/retry-table.ts';
import { reviewOne } from '../../models/licence/issue-one.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { requireProgram } from '../../world/programs.ts';
import { CONSUMER, ENTRY, ISSUER, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import {
  accept,
  answering,
  type Behaviour,
  holdsHmac,
  holdsSm2,
  openReceiver,
  type Receiver,
  register,
  signaturesOf,
} from './receiver.ts';
import { bureau, change, consuming, issuing, letKnow, publish, subscribe } from './subscribe.ts';

const LIMITS = { insideHosts: 'any' as const, timeoutMs: 2_000 };

eachDatabase('notices of changes', (open) => {
  let house: TestHouse;
  let receiver: Receiver;

  before(async () => {
    house = await openFurnishedHouse(await open());
  });

  after(() => house.close());

  beforeEach(async () => {
    receiver = await openReceiver();
  });

  afterEach(async () => {
    await receiver.close();
    for (const { id } of await house.db.rows.subscriptions.findAll()) await removeSubscription(house, bureau, id);
    await house.db.rows.changeGrants.destroy({ where: {} });
  });

  const deliver = (id: string, limits = LIMITS) => deliverTo(house, id, limits);
  const ids = () => receiver.notices.map(({ headers }) => headers['webhook-id']);
  const order = () => receiver.notices.map(({ body }) => `${body.data.identifier}:${body.data.sequence}`);

  it('carry type, time and the change without personal data, signed by HMAC', async () => {
    const { id, secret } = await subscribe(house, receiver.url);
    await publish(house, change('A', 2));
    expect(await deliver(id)).to.deep.equal({ delivered: 1, failed: 0 });
    const [notice] = receiver.notices;
    if (!notice) throw new Error('no notice came');
    expect(holdsHmac(notice, secret ?? '')).to.equal(true);
    expect(holdsHmac({ ...notice, text: notice.text.replace('suspended', 'valid') }, secret ?? '')).to.equal(false);
    expect(notice.headers['webhook-timestamp']).to.equal(String(Math.floor(house.time.now().getTime() / 1000)));
    expect(notice.body).to.deep.equal({
      type: 'licence.suspend',
      timestamp: house.time.now().toISOString(),
      data: {
        ...{ type: 'licence', identifier: 'A', catalogueCode: ENTRY.code, sequence: 2, act: 'suspend' },
        ...{ status: 'suspended', commitment: false, issuingBody: ISSUER, at: house.time.now().toISOString() },
      },
    });
    expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 0 });
  });

  it('are signed by SM2 with the published key, when the subscriber wants that', async function () {
    requireProgram(this, 'openssl');
    const { id, secret } = await subscribe(house, receiver.url, { signing: 'sm2' });
    expect(secret).to.equal(null);
    await publish(house, change('B', 2));
    await deliver(id);
    const [notice] = receiver.notices;
    if (!notice) throw new Error('no notice came');
    const keys = await listRepositoryKeys(house);
    const key = keys.find(({ keyId }) => keyId === notice.headers['webhook-key-id']);
    expect(holdsSm2(notice, key?.publicKeyPem ?? '')).to.equal(true);
    expect(holdsSm2({ ...notice, text: `${notice.text} ` }, key?.publicKeyPem ?? '')).to.equal(false);
  });

  it('carry the signatures of both secrets for a day after a rotation', async () => {
    const { id, secret: old } = await subscribe(house, receiver.url);
    const { secret } = await rotateSecret(house, issuing, id);
    await publish(house, change('C', 2));
    await deliver(id);
    house.time.advance({ hours: 25 });
    await publish(house, change('C', 3));
    await deliver(id);
    const [during, after] = receiver.notices;
    if (!during || !after) throw new Error('a notice is missing');
    expect([holdsHmac(during, old ?? ''), holdsHmac(during, secret ?? '')]).to.deep.equal([true, true]);
    expect([holdsHmac(after, old ?? ''), holdsHmac(after, secret ?? '')]).to.deep.equal([false, true]);
    expect(signaturesOf(after, 'v1')).to.have.length(1);
    const row = await house.db.rows.subscriptions.findByPk(id);
    expect(JSON.stringify(row)).to.not.contain((secret ?? '').slice(6));
  });

  it('tell a body’s own system of the review and the issue of its submission, signed', async () => {
    const { id, secret } = await subscribe(house, receiver.url, { acts: ['reviewed', 'issued'] });
    const licenceId = await reviewOne(house, { caseNumber: 'AJ-STEP' });
    expect(await deliver(id)).to.deep.equal({ delivered: 1, failed: 0 });
    const { identifier } = await sealLicence(house, sealKeeper, licenceId);
    expect(await deliver(id)).to.deep.equal({ delivered: 1, failed: 0 });
    const told = receiver.notices.map(({ body }) => [body.type, body.data.identifier]);
    expect(told).to.deep.equal([
      ['licence.reviewed', null],
      ['licence.issued', identifier],
    ]);
    for (const notice of receiver.notices) {
      expect(notice.body.data).to.include({ licenceId, caseNumber: 'AJ-STEP' });
      expect(holdsHmac(notice, secret ?? '')).to.equal(true);
    }
  });

  it('come with the same id and the same bytes until they are taken, by the written table', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(house, change('D', 2));
    receiver.behave = answering(500, 'x'.repeat(5000));
    expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 1 });
    expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 0 });
    for (const seconds of RETRY_TABLE) {
      house.time.advance({ seconds: seconds - 1 });
      expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 0 });
      house.time.advance({ seconds: Math.max(61, seconds / 9) });
      expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 1 });
    }
    expect(new Set(ids()).size).to.equal(1);
    expect(new Set(receiver.notices.map(({ text }) => text)).size).to.equal(1);
    const { items } = await listDeliveries(house, issuing, id, {});
    expect(items[0]).to.include({ state: 'failed', attempts: 10, lastOutcome: 'HTTP_STATUS', lastStatus: 500 });
    const { log } = await getDelivery(house, issuing, id, items[0]?.id ?? '');
    expect(log).to.have.length(10);
    expect(log[0]).to.include({ outcome: 'HTTP_STATUS', status: 500, excerpt: 'x'.repeat(1024) });
    receiver.behave = accept;
    await redeliver(house, issuing, id, items[0]?.id ?? '');
    await deliver(id);
    expect(new Set(ids()).size).to.equal(1);
    expect((await getDelivery(house, issuing, id, items[0]?.id ?? '')).state).to.equal('delivered');
  });

  it('hold back only the followers of the licence whose notice fails', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(house, change('E', 2), change('F', 2), change('E', 3), change('F', 3), change('E', 4));
    receiver.behave = ({ body }, response) => response.writeHead(body.data.identifier === 'E' ? 422 : 200).end();
    await deliver(id);
    expect(order()).to.deep.equal(['E:2', 'F:2', 'F:3']);
    receiver.behave = accept;
    house.time.advance({ seconds: 6 });
    await deliver(id);
    expect(order().slice(3)).to.deep.equal(['E:2', 'E:3', 'E:4']);
  });

  it('tell nothing more once the grant is withdrawn or the body is no longer active, not even what was on its way', async () => {
    await letKnow(house, false);
    const { id } = await subscribe(house, receiver.url, {}, consuming);
    await publish(house, change('W', 2));
    receiver.behave = answering(503);
    await deliver(id);
    await publish(house, change('W2', 2));
    await fanOut(house, id);
    await saveChangeGrant(house, bureau, {
      ...{ organisationCode: CONSUMER, catalogueCode: ENTRY.code, nextStep: false, state: 'withdrawn' },
    });
    receiver.behave = accept;
    const before = receiver.notices.length;
    house.time.advance({ minutes: 6 });
    await deliver(id);
    expect(receiver.notices).to.have.length(before);
    const { items } = await listDeliveries(house, bureau, id, {});
    expect(items.map(({ state, lastOutcome }) => `${state} ${lastOutcome}`)).to.deep.equal(
      Array(2).fill('failed NOT_KEPT'),
    );
    const again = () =>
      redeliver(house, bureau, id, items[0]?.id ?? '').then(
        () => 'told',
        ({ code }: { code: string }) => code,
      );
    expect(await again()).to.equal('DELIVERY_GONE');
    await letKnow(house, false);
    const { organisations } = house.db.rows;
    await organisations.update({ state: 'suspended' }, { where: { code: CONSUMER } });
    expect(await again()).to.equal('DELIVERY_GONE');
    await organisations.update({ state: 'active' }, { where: { code: CONSUMER } });
    expect(await again()).to.equal('told');
  });

  it('end a turn of a slow receiver after 20 seconds, and put it with the troubled until it is quick again', async () => {
    const { id } = await subscribe(house, receiver.url);
    for (let nth = 0; nth < 40; nth += 1) await publish(house, change(`S${nth}`, 2));
    let now = 0;
    const turn = (ms: number) => {
      receiver.behave = (_, response) => {
        now += ms;
        response.writeHead(200).end();
      };
      return deliverTo(house, id, { ...LIMITS, stopwatch: () => now });
    };
    expect((await turn(4000)).delivered, 'one round of eight at once').to.equal(8);
    expect((await findWork(house)).find((one) => one.id === id)).to.include({ troubled: true });
    expect((await turn(1)).delivered).to.equal(32);
    await publish(house, change('S', 3));
    expect((await findWork(house)).find((one) => one.id === id)).to.include({ troubled: false });
  });

  describe('to a receiver that asks for time by Retry-After', () => {
    const refusing =
      (retryAfter: string): Behaviour =>
      (_, response) =>
        response.writeHead(429, { 'retry-after': retryAfter }).end();
    const begin = async (retryAfter: string) => {
      const { id } = await subscribe(house, receiver.url);
      await publish(house, change('R', 2));
      receiver.behave = refusing(retryAfter);
      expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 1 });
      // What comes meanwhile waits as well.
      await publish(house, change('R2', 2));
      receiver.behave = accept;
      return id;
    };
    const expectNothingBefore = async (id: string, seconds: number) => {
      house.time.advance({ seconds: seconds - 1 });
      expect(await findWork(house)).to.deep.equal([]);
      expect(await deliver(id)).to.deep.equal({ delivered: 0, failed: 0 });
      house.time.advance({ seconds: 2 });
      expect(await deliver(id)).to.deep.equal({ delivered: 2, failed: 0 });
    };

    it('send nothing for so many seconds', async () => expectNothingBefore(await begin('120'), 120));

    it('send nothing until the date', async () => {
      const until = new Date(house.time.now().getTime() + 600_000);
      await expectNothingBefore(await begin(until.toUTCString()), 600);
    });

    it('wait for no more than an hour', async () => expectNothingBefore(await begin('86400'), 3600));

    it('keep to the table when it asks in no words of HTTP, or for what is past', async () => {
      for (const said of ['-5', '0', 'soon', '2026-03-01', 'Mon, 02 Mar 2020 00:00:00 GMT']) {
        const id = await begin(said);
        house.time.advance({ seconds: 4 });
        expect(await deliver(id), said).to.deep.equal({ delivered: 1, failed: 0 });
        house.time.advance({ seconds: 2 });
        await deliver(id);
        expect((await countSubscriptions(house)).depth, said).to.equal(0);
        await removeSubscription(house, bureau, id);
      }
    });

    it('do not count that as a failure for as long as the table lasts, and give up in the end', async () => {
      const { id } = await subscribe(house, receiver.url);
      await publish(house, change('U', 2));
      const started = house.time.now().getTime();
      const isBefore = (day: number) => house.time.now().getTime() - started < day * 86_400_000;
      const look = () => house.db.rows.deliveries.findOne({ where: { subscriptionId: id, subject: 'licence:U' } });
      // It takes all others, so that it is not disabled.
      receiver.behave = (notice, response) =>
        (notice.body.data.identifier === 'U' ? refusing('60') : accept)(notice, response);
      const pass = async (hours: number) => {
        await publish(house, change(`U${house.time.now().getTime()}`, 2));
        await deliver(id);
        house.time.advance({ minutes: 5 });
        await deliver(id);
        house.time.advance({ hours });
      };
      while (isBefore(3)) {
        await pass(2);
        expect(await look()).to.include({ state: 'waiting', attempts: 0, lastStatus: 429 });
      }
      expect((await countSubscriptions(house)).depth, 'others have not waited for it').to.equal(1);
      const asked = receiver.notices.filter(({ body }) => body.data.identifier === 'U').length;
      expect(asked).to.be.greaterThan(30).and.lessThan(100);
      while (isBefore(9)) await pass(4);
      expect(await look()).to.include({ state: 'failed', attempts: 10 });
    });

    it('come again after a minute at the soonest', async () => {
      const id = await begin('1');
      house.time.advance({ seconds: 6 });
      expect(await deliver(id), 'what comes behind').to.deep.equal({ delivered: 1, failed: 0 });
      house.time.advance({ seconds: 61 });
      expect(await deliver(id)).to.deep.equal({ delivered: 1, failed: 0 });
    });

    it('keep to the table with a notice on which it chokes, however often it asks for time', async () => {
      const { id } = await subscribe(house, receiver.url);
      await publish(house, change('V', 2));
      let taken = 0;
      receiver.behave = (notice, response) => {
        if (notice.body.data.identifier === 'V') return answering(500)(notice, response);
        taken += 1;
        return (taken % 2 === 0 ? refusing('60') : accept)(notice, response);
      };
      for (let minute = 0; minute < 30; minute += 1) {
        await publish(house, change(`V${minute}`, 2), change(`V${minute}b`, 2));
        await deliver(id);
        house.time.advance({ seconds: 61 });
      }
      // After 5 s and after 5 minutes; the next would be half an hour later.
      expect(receiver.notices.filter(({ body }) => body.data.identifier === 'V')).to.have.length(3);
    });

    it('rest too when it takes some and refuses others', async () => {
      const { id } = await subscribe(house, receiver.url);
      await publish(house, change('T', 2), change('T2', 2));
      receiver.behave = (notice, response) =>
        (notice.body.data.identifier === 'T' ? accept : refusing('300'))(notice, response);
      expect(await deliver(id)).to.deep.equal({ delivered: 1, failed: 1 });
      await publish(house, change('T', 3));
      receiver.behave = accept;
      await expectNothingBefore(id, 300);
    });
  });

  it('leave the right state with a receiver that fails, breaks off, is slow and answers twice', async () => {
    const { id } = await subscribe(house, receiver.url);
    const licences = Array.from({ length: 12 }, (_, index) => `G${index}`);
    for (let sequence = 1; sequence <= 5; sequence += 1)
      await publish(house, ...licences.map((licence) => change(licence, sequence)));
    const taken: Receiver['notices'] = [];
    let count = 0;
    receiver.behave = (notice, response) => {
      count += 1;
      // Sometimes it takes a notice and its answer is lost: the same comes again.
      if (count % 7 !== 0) taken.push(notice);
      if (count % 7 === 0) response.writeHead(503).end();
      else if (count % 11 === 0) response.destroy();
      else if (count === 20) setImmediate(() => response.writeHead(200).end('late'));
      else response.writeHead(200).end('ok');
    };
    for (let turn = 0; turn < 60; turn += 1) {
      await deliver(id);
      house.time.advance({ minutes: 6 });
    }
    expect((await countSubscriptions(house)).depth).to.equal(0);
    expect([...register(taken)].sort()).to.deep.equal(licences.map((licence) => [licence, 'valid']).sort());
    // Whoever takes every notice as new sees each licence's in order, doubles aside.
    for (const licence of licences) {
      const own = [
        ...new Set(taken.filter(({ body }) => body.data.identifier === licence).map(({ body }) => body.data.sequence)),
      ];
      expect(own).to.deep.equal([1, 2, 3, 4, 5]);
    }
    expect(new Set(taken.map(({ headers }) => headers['webhook-id'])).size).to.equal(60);
  });

  it('wait while a receiver is down, with one knock a minute, and leave at once when it is back', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(house, ...Array.from({ length: 40 }, (_, index) => change(`H${index}`, 2)));
    receiver.behave = answering(502);
    await deliver(id);
    const knocked = receiver.notices.length;
    expect(knocked).to.equal(8);
    house.time.advance({ seconds: 61 });
    await deliver(id);
    expect(receiver.notices.length).to.equal(knocked + 1);
    expect(await countSubscriptions(house)).to.include({ failing: 1, depth: 40 });
    receiver.behave = accept;
    house.time.advance({ seconds: 61 });
    expect(await deliver(id)).to.deep.equal({ delivered: 40, failed: 0 });
  });

  it('give nothing up before the table is through, however often the receiver is down and back', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(house, change('Z', 2));
    const chokes: Behaviour = (notice, response) =>
      answering(notice.body.data.identifier === 'Z' ? 500 : 204)(notice, response);
    for (let outage = 0; outage < 20; outage += 1) {
      await publish(house, ...Array.from({ length: 6 }, (_, index) => change(`Z${outage}-${index}`, 2)));
      for (const behave of [answering(502), chokes, chokes]) {
        receiver.behave = behave;
        await deliver(id);
        house.time.advance({ seconds: 61 });
      }
    }
    expect(receiver.notices.filter(({ body }) => body.data.identifier === 'Z').length).to.be.greaterThan(15);
    // After 5 s, 5 minutes and half an hour.
    const row = await house.db.rows.deliveries.findOne({ where: { subscriptionId: id, subject: 'licence:Z' } });
    expect(row).to.deep.include({ state: 'waiting', attempts: 4 });
    receiver.behave = accept;
    house.time.advance({ hours: 2, minutes: 20 });
    await deliver(id);
    expect((await countSubscriptions(house)).depth).to.equal(0);
  });

  it('stop when the receiver says that it is gone, or has failed for days, and the body’s others are told', async () => {
    const other = await openReceiver();
    const gone = await subscribe(house, receiver.url);
    const well = await subscribe(house, other.url);
    await publish(house, change('I', 2));
    receiver.behave = answering(410);
    await deliver(gone.id);
    expect(await getSubscription(house, issuing, gone.id)).to.include({ state: 'disabled', reason: 'GONE' });
    await deliver(well.id);
    expect(other.notices.map(({ body }) => body.type)).to.have.members(['licence.suspend', 'subscription.disabled']);
    await changeSubscription(house, issuing, gone.id, { state: 'active' });
    await publish(house, change('I', 3));
    receiver.behave = answering(500);
    await deliver(gone.id);
    for (let day = 0; day < 5; day += 1) {
      house.time.advance({ days: 1, minutes: 1 });
      await publish(house, change(`I${day}`, 2));
      await deliver(gone.id);
    }
    expect(await getSubscription(house, issuing, gone.id)).to.include({ state: 'disabled', reason: 'FAILING' });
    await other.close();
  });

  it('never follow a redirect, and give a slow receiver 15 seconds at most', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(house, change('J', 2));
    const secret = await openReceiver();
    receiver.behave = (_notice, response) => response.writeHead(307, { location: secret.url }).end();
    await deliver(id);
    expect(secret.notices).to.deep.equal([]);
    receiver.behave = () => undefined;
    house.time.advance({ minutes: 1 });
    await deliver(id, { ...LIMITS, timeoutMs: 50 });
    const { items } = await listDeliveries(house, issuing, id, {});
    const { log } = await getDelivery(house, issuing, id, items[0]?.id ?? '');
    expect(log.map(({ outcome }) => outcome)).to.deep.equal(['TIMEOUT', 'REDIRECT']);
    await secret.close();
  });

  it('go nowhere inside the own network, by number, by name or by a name that is looked up', async () => {
    for (const url of [receiver.url, receiver.url.replace('127.0.0.1', 'localhost')]) {
      const { id } = await subscribe(house, url);
      await publish(house, change(`K-${url}`, 2));
      await deliverTo(house, id, { insideHosts: [] });
      const { items } = await listDeliveries(house, issuing, id, {});
      expect(items[0]).to.include({ lastOutcome: 'ADDRESS_REFUSED', lastStatus: null });
    }
    expect(receiver.notices).to.deep.equal([]);
  });

  it('tell a body what the bureau lets it know of, and no more', async () => {
    const { id } = await subscribe(house, receiver.url, {}, consuming);
    await publish(house, change('L', 2));
    await deliver(id);
    expect(order()).to.deep.equal([]);
    await letKnow(house, false);
    await publish(house, change('L', 3), change('M', 2, { catalogueCode: `${ISSUER}999` }));
    await deliver(id);
    expect(order()).to.deep.equal(['L:3']);
  });

  it('tell the next step of an annulled commitment approval, whatever it subscribed to', async () => {
    await letKnow(house, true);
    expect((await countSubscriptions(house)).untoldBodies).to.deep.equal([consuming.organisationCode]);
    const { id } = await subscribe(house, receiver.url, { acts: ['issue'] }, consuming);
    const annulled = { act: 'annul', status: 'annulled' as const };
    await publish(house, change('N', 2), change('O', 2, annulled), change('P', 2, { ...annulled, commitment: true }));
    await deliver(id);
    expect(order()).to.deep.equal(['P:2']);
    expect(receiver.notices[0]?.body).to.have.nested.property('data.commitment', true);
    expect((await countSubscriptions(house)).untoldBodies).to.deep.equal([]);
  });

  it('wait while a subscription is paused, and lose nothing', async () => {
    const { id } = await subscribe(house, receiver.url);
    await changeSubscription(house, issuing, id, { state: 'paused' });
    await publish(house, change('Q', 2), change('Q', 3));
    await deliver(id);
    expect(order()).to.deep.equal([]);
    await changeSubscription(house, issuing, id, { state: 'active' });
    await pingSubscription(house, issuing, id);
    await deliver(id);
    expect(order().filter((text) => text.startsWith('Q'))).to.deep.equal(['Q:2', 'Q:3']);
    expect(receiver.notices.map(({ body }) => body.type)).to.include('ping');
  });

  it('are sent once by two workers at the same time', async () => {
    const { id } = await subscribe(house, receiver.url);
    await publish(
      house,
      ...Array.from({ length: 100 }, (_, index) => change(`R${index % 20}`, 2 + Math.floor(index / 20))),
    );
    await Promise.all([deliver(id), deliver(id)]);
    expect(new Set(ids()).size).to.equal(100);
    expect(ids()).to.have.length(100);
    expect([...register(receiver.notices).values()]).to.deep.equal(Array(20).fill('suspended'));
  });
});
