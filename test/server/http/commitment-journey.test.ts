import { expect } from 'chai';
import type { Response } from 'supertest';
import { webhookJobs, webhooksJob } from '../../../jobs/webhooks.ts';
import { watchPromises } from '../../../models/commitment/index.ts';
import { houseCaller } from '../../../models/house.ts';
import type { LicenceView } from '../../../models/licence/index.ts';
import { openReceiver, type Receiver } from '../../exchange/webhook/receiver.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { COMPANY, CONSUMER, ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { issue, submission, submit } from './issue.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, signIn, type Web } from './web.ts';

interface Commitment {
  readonly state: string;
  readonly stage: string | null;
  readonly dueOn: string | null;
  readonly rectifyBy: string | null;
  readonly items: readonly { readonly item: number; readonly arrivedAt: string | null; readonly late: boolean }[];
  readonly steps: readonly { readonly act: string; readonly details: Readonly<Record<string, unknown>> }[];
}
interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const PEOPLE = [
  ['issuer.clerk', ISSUER],
  ['issuer.clerk', OTHER_ISSUER],
  ['consumer.window', CONSUMER],
  ['bureau.officer', null],
] as const;

/** A licence by commitment from its issue to its annulment, as its issuer, the body of the next step and the bureau see it. */
eachDatabase('the journey of an annulled commitment', (open) => {
  let web: Web;
  let clerk: Hand;
  let other: Hand;
  let window: Hand;
  let officer: Hand;
  let receiver: Receiver;
  let licence: LicenceView;
  const of = (path = '') => `/api/v1/licences/${licence.licenceId}${path}`;
  const promise = (items: readonly (readonly [string, string])[], more: object = {}) => ({
    ...{ items: items.map(([name, dueOn]) => ({ name, dueOn })), ...more },
  });
  const seen = async (response: PromiseLike<Response>) => {
    const answer = await response;
    expect(answer.status, answer.text).to.equal(200);
    return bodyOfAnswer<Commitment>(answer);
  };
  const noticesOf = async (hand: Hand) => bodyOfAnswer<{ items: Notice[] }>(await hand.get('/api/v1/notices')).items;
  const facts = ({ identifier, files, changes, status }: LicenceView) => ({ identifier, files, changes, status });
  const look = async () => bodyOfAnswer<LicenceView>(await clerk.get(of()));

  /** Sessions end long before the next day: everybody signs in again. */
  const arriveAt = async (instant: string) => {
    web.house.time.set(instant);
    const hands = [];
    for (const [role, body] of PEOPLE) hands.push(await signIn(web.app, `${role}.${body?.toLowerCase() ?? 'none'}`));
    [clerk, other, window, officer] = hands as [Hand, Hand, Hand, Hand];
  };

  before(async function () {
    this.timeout(60_000);
    web = await openWeb(await open());
    for (const [role, body] of PEOPLE) await web.person(role, body);
    await arriveAt(web.house.time.now().toISOString());
    receiver = await openReceiver();
    const grant = { organisationCode: CONSUMER, catalogueCode: ENTRY.code, nextStep: true };
    await officer.post('/api/v1/change-grants', grant);
    // Of the next step for all types, and without a subscription.
    await officer.post('/api/v1/change-grants', { ...grant, organisationCode: OTHER_ISSUER, catalogueCode: '*' });
    const approver = await web.person('consumer.approver');
    const subscribed = await approver.post('/api/v1/subscriptions', { name: '审批系统', url: receiver.url });
    expect(subscribed.status, subscribed.text).to.equal(201);
    const matter = { code: 'SX-1', name: '联合验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    await officer.post('/api/v1/matters', matter);
    licence = await issue(web, submission({ commitment: true }));
  });

  after(async () => {
    await receiver.close();
    await web.close();
  });

  it('begins with what was promised, every fault of it named', async () => {
    const bad = promise([
      ['资金证明', '2026-02-30'],
      ['资金证明', '2026-03-01'],
    ]);
    expectProblem(await clerk.post(of('/commitment'), bad), 400, 'REQUEST_INVALID', [
      '/items/0/dueOn DATE_IMPOSSIBLE',
      '/items/1/name ALREADY_EXISTS',
      '/items/1/dueOn DUE_IN_PAST',
    ]);
    const good = promise([
      ['资金证明', '2026-03-10'],
      ['图审合格书', '2026-03-20'],
    ]);
    expectProblem(await other.post(of('/commitment'), good), 404, 'NOT_FOUND');
    const plain = await submit(web);
    expectProblem(await clerk.post(`/api/v1/licences/${plain}/commitment`, good), 409, 'NOT_BY_COMMITMENT');
    const kept = await seen(clerk.post(of('/commitment'), good));
    expect(kept).to.deep.include({ state: 'open', stage: 'open', dueOn: '2026-03-10' });
    expectProblem(await clerk.post(of('/commitment'), good), 400, 'REQUEST_INVALID', ['/reason FIELD_REQUIRED']);
  });

  it('issues nothing anew when the first material arrives: files, identifier and sequence stay', async () => {
    const before = facts(await look());
    const row = await web.house.db.rows.licences.findByPk(licence.licenceId);
    const arrived = await seen(clerk.post(of('/commitment/items/1/arrive'), { digest: 'ab'.repeat(32) }));
    expect(arrived).to.deep.include({ state: 'open', dueOn: '2026-03-20' });
    expect(facts(await look())).to.deep.equal(before);
    const now = await web.house.db.rows.licences.findByPk(licence.licenceId);
    expect(now?.get()).to.deep.equal(row?.get());
    expectProblem(await clerk.post(of('/commitment/items/1/arrive'), {}), 409, 'PROMISE_ARRIVED');
    expectProblem(await clerk.post(of('/commitment/items/7/arrive'), {}), 404, 'NOT_FOUND');
  });

  it('tells the issuer once that the other falls due and once that it is late, though the clock stood still', async () => {
    web.house.time.set('2026-03-18T02:00:00Z');
    expect(await watchPromises(web.house)).to.equal(1);
    expect(await watchPromises(web.house)).to.equal(0);
    await arriveAt('2026-03-23T02:00:00Z');
    expect(await watchPromises(web.house)).to.equal(1);
    expect(await watchPromises(web.house)).to.equal(0);
    const own = (await noticesOf(clerk)).filter(({ kind }) => kind.startsWith('commitment.'));
    expect(own.map(({ kind, facts: { dueOn } }) => `${kind} ${String(dueOn)}`)).to.deep.equal([
      'commitment.late 2026-03-20',
      'commitment.due 2026-03-20',
    ]);
    const late = await officer.get('/api/v1/commitments?stage=overdue');
    expect(
      bodyOfAnswer<{ items: { licenceId: string }[] }>(late).items.map(({ licenceId }) => licenceId),
    ).to.deep.equal([licence.licenceId]);
    const warned = await officer.get('/api/v1/commitments?stage=warned');
    expect(bodyOfAnswer<{ items: object[] }>(warned).items).to.deep.equal([]);
  });

  it('sets a limit for what verification found otherwise, which runs out as well', async () => {
    const rectify = { items: [1, 2], dueOn: '2026-03-27', reason: '核查发现资金证明与实际不符' };
    expectProblem(
      await clerk.post(of('/commitment/rectify'), { ...rectify, items: [9], dueOn: '2026-03-01' }),
      400,
      'REQUEST_INVALID',
      ['/items/0 NOT_FOUND', '/dueOn DUE_IN_PAST'],
    );
    const set = await seen(clerk.post(of('/commitment/rectify'), rectify));
    expect(set).to.deep.include({ stage: 'open', dueOn: '2026-03-27', rectifyBy: '2026-03-27' });
    expect(set.items.map(({ arrivedAt }) => arrivedAt)).to.deep.equal([null, null]);
    await arriveAt('2026-03-28T02:00:00Z');
    expect(await watchPromises(web.house)).to.equal(1);
    expect((await seen(clerk.get(of('/commitment')))).stage).to.equal('overdue');
  });

  it('ends in annulment, which status, notice, webhook and feed tell at once, also who has not subscribed', async () => {
    const { next } = bodyOfAnswer<{ next: string }>(await window.get('/api/v1/changes?after=latest'));
    const holder = { type: 'legal', number: COMPANY };
    const use = { case: 'SL-1', matter: 'SX-1', purpose: '核验施工许可', holder };
    const { useCode } = bodyOfAnswer<{ useCode: string }>(await window.post('/api/v1/uses', use));
    const annul = { act: 'annul', legalBasis: '告知承诺审批制实施暂行办法第十四条', reason: '逾期未整改' };
    const started = performance.now();
    const elapsed = () => Math.round(performance.now() - started);
    expect((await clerk.post(of('/status'), annul)).status).to.equal(200);
    const delays: Record<string, number> = { act: elapsed() };
    const within = { useCode, identifier: licence.identifier };
    const status = bodyOfAnswer<{ status: string }>(await window.post('/api/v1/sharing/status', within));
    delays.status = elapsed();
    expect(status.status).to.equal('annulled');
    for (const hand of [window, other]) {
      const [notice] = await noticesOf(hand);
      expect(notice).to.deep.include({ kind: 'commitment.annulled', subjectId: licence.licenceId });
      expect(notice?.facts).to.include({ identifier: licence.identifier, catalogueCode: ENTRY.code });
    }
    delays.notice = elapsed();
    await runWebhooks();
    delays.webhook = elapsed();
    const told = receiver.notices.filter(({ body }) => body.type === 'licence.annul');
    expect(told.map(({ body }) => body.data.identifier)).to.deep.equal([licence.identifier]);
    const feed = await window.get(`/api/v1/changes?after=${next}`);
    delays.feed = elapsed();
    const items = bodyOfAnswer<{ items: { act: string; commitment: boolean }[] }>(feed).items;
    expect(items.map(({ act, commitment }) => [act, commitment])).to.deep.equal([['annul', true]]);
    process.stdout.write(`      annulled commitment, ms after the request: ${JSON.stringify(delays)}\n`);
    expect(Math.max(...Object.values(delays))).to.be.lessThan(60_000);
  });

  it('shows the bureau who was told, and who has acknowledged it the same day', async () => {
    const [notice] = await noticesOf(window);
    await window.post(`/api/v1/notices/${notice?.id ?? ''}/read`, {});
    await arriveAt('2026-03-29T02:00:00Z');
    const [late] = await noticesOf(other);
    await other.post(`/api/v1/notices/${late?.id ?? ''}/read`, {});
    const answer = await officer.get('/api/v1/commitments/annulments');
    const [annulment] = bodyOfAnswer<{ items: { told: { organisationCode: string; sameDay: boolean }[] }[] }>(
      answer,
    ).items;
    expect(annulment?.told.map(({ organisationCode, sameDay }) => [organisationCode, sameDay])).to.have.deep.members([
      [CONSUMER, true],
      [OTHER_ISSUER, false],
    ]);
  });

  it('takes nothing more afterwards, and keeps every step', async () => {
    expectProblem(await clerk.post(of('/commitment/items/2/arrive'), {}), 409, 'STATE_CONFLICT');
    expectProblem(await clerk.post(of('/commitment/rectified'), { reason: '补' }), 409, 'STATE_CONFLICT');
    const { state, steps } = await seen(clerk.get(of('/commitment')));
    expect(state).to.equal('annulled');
    expect(steps.map(({ act }) => act)).to.deep.equal(['promise', 'arrive', 'rectify', 'end']);
    expect(steps.at(-1)?.details.told).to.have.members([CONSUMER, OTHER_ISSUER]);
    expect(await watchPromises(web.house)).to.equal(0);
  });

  /** What the queue would do: the jobs of webhooks, one after another. */
  async function runWebhooks(): Promise<void> {
    const keys: string[] = [];
    const signal = new AbortController().signal;
    const queue = {
      add: (_topic: string, _payload: unknown, more?: { key?: string }) =>
        Promise.resolve(void keys.push(more?.key ?? '')),
    };
    const work = { queue: queue as never, key: 'webhooks', signal };
    await webhooksJob.run(web.house, houseCaller('test'), work);
    for (const key of keys) await webhookJobs[0]?.run(web.house, houseCaller('test'), { ...work, key });
  }
});
