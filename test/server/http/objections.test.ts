import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { deliverTo } from '../../../exchange/index.ts';
import { escalateObjectionsJob } from '../../../jobs/escalate-objections.ts';
import { houseCaller } from '../../../models/house.ts';
import { givePositions } from '../../../models/publication/give-positions.ts';
import { saveChangeGrant } from '../../../models/publication/index.ts';
import { openReceiver, type Receiver } from '../../exchange/webhook/receiver.ts';
import { EVIDENCE } from '../../models/objection/file-world.ts';
import { bureauOfficer, CONSUMER, ENTRY, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { addUser, expectProblem, type Hand, signIn, storingNothing } from './web.ts';

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

describe('objections', () => {
  let world: SharingWorld;
  let server: Server;
  let origin: string;
  let receiver: Receiver;
  let holder: Hand;
  let subscription: string;
  let useCode: string;
  const delays: [string, number][] = [];

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const { house, app } = world.web;
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    receiver = await openReceiver();
    const grant = { organisationCode: CONSUMER, catalogueCode: ENTRY.code, nextStep: false, state: 'given' } as const;
    await saveChangeGrant(house, bureauOfficer, grant);
    const approver = await world.web.person('consumer.approver');
    const made = await call(approver, 'POST', '/api/v1/subscriptions', { name: '审批系统', url: receiver.url });
    subscription = String(made.json.id);
    useCode = await world.openUse();
    const holderId = world.personal.holders[0]?.holderId ?? '';
    await addUser(house, { loginName: 'ouyang', roles: ['holder'], holderId });
    holder = await signIn(app, 'ouyang');
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await receiver.close();
    await world.web.close();
    process.stdout.write(
      `${delays.map(([what, ms]) => `      ${ms.toFixed(1).padStart(7)} ms  ${what}`).join('\n')}\n`,
    );
  });

  async function call(hand: Hand, method: 'GET' | 'POST', path: string, body?: object | Uint8Array): Promise<Answer> {
    const file = body instanceof Uint8Array;
    const response = await fetch(origin + path, {
      ...{
        method,
        headers: { ...hand.headers, 'Content-Type': file ? 'application/octet-stream' : 'application/json' },
      },
      ...(body === undefined ? {} : { body: file ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isJson = response.headers.get('Content-Type')?.includes('json');
    return { status: response.status, json: isJson ? JSON.parse(Buffer.from(bytes).toString('utf8')) : {}, bytes };
  }

  /** What the consumer sees in its very next call, and how long after the answer that changed it. */
  async function statusAfter(what: string, answeredAt: number) {
    const { json } = await call(world.window, 'POST', '/api/v1/sharing/status', within());
    delays.push([what, performance.now() - answeredAt]);
    return json;
  }

  const within = () => ({ useCode, identifier: world.licence.identifier });
  const objections = '/api/v1/objections';
  const filing = ({ identifier }: { readonly identifier: string | null }, more: object = {}) => ({
    ...{ identifier, text: '与实际不符，请核实', ...more },
  });

  async function noticesOf(what: string, since: number) {
    const from = receiver.notices.length;
    await givePositions(world.web.house);
    await deliverTo(world.web.house, subscription, { insideHosts: 'any' });
    delays.push([what, performance.now() - since]);
    return receiver.notices.slice(from).map(({ body }) => body.type);
  }

  async function signInAgain() {
    const users = await world.web.house.db.rows.users.findAll();
    const as = (role: string) =>
      signIn(world.web.app, users.find(({ loginName }) => loginName.startsWith(role))?.loginName ?? '');
    const roles = ['issuer.reviewer', 'bureau.officer', 'consumer.window'];
    return Promise.all(roles.map(as)) as Promise<[Hand, Hand, Hand]>;
  }

  it('are not found by others: another issuer, another holder, a body that never used the licence', async () => {
    const filed = await call(holder, 'POST', objections, filing(world.personal, { category: 'status' }));
    const one = `${objections}/${String(filed.json.number)}`;
    expect(filed.status).to.equal(201);
    const foreign = await world.web.person('issuer.reviewer', OTHER_ISSUER);
    const answer = { outcome: 'upheld', answer: '越权答复' };
    for (const attempt of [
      () => foreign.get(one),
      () => foreign.post(`${one}/answer`, answer),
      () => foreign.post(`${one}/evidence?name=a.pdf`).type('application/pdf').send(EVIDENCE.pdf),
      () => holder.post(objections, filing(world.licence)),
      () => world.window.post(objections, filing(world.licence)),
    ])
      expectProblem(await storingNothing(world.web, async () => attempt()), 404, 'NOT_FOUND');
    expect((await call(holder, 'POST', `${one}/withdraw`, {})).json).to.include({ state: 'withdrawn' });
  });

  it('upheld: disputed in the consumer’s next call, corrected by a change of status, and the flag is gone', async () => {
    const reviewer = await world.web.person('issuer.reviewer');
    const clerk = await world.web.person('issuer.clerk');
    const { licenceId, verificationCode } = world.licence;
    expect((await call(world.window, 'POST', '/api/v1/sharing/status', within())).json).to.include({ disputed: false });
    const plain = await preview(clerk);
    const claim = filing(world.licence, { category: 'status' });
    const filed = await call(world.window, 'POST', objections, claim);
    let since = performance.now();
    expect(filed.status).to.equal(201);
    const one = `${objections}/${String(filed.json.number)}`;
    expect(await statusAfter('filed → the consumer reads “disputed”', since)).to.include({
      disputed: true,
      status: 'valid',
    });
    expect(await noticesOf('filed → the webhook tells it', since)).to.deep.equal(['licence.dispute-raised']);
    const page = Buffer.from((await call(world.web.nobody, 'GET', `/v/${verificationCode}`)).bytes).toString('utf8');
    expect(page).to.include('有异议');
    expect(await preview(clerk)).to.not.deep.equal(plain);
    const ofd = await call(clerk, 'GET', `/api/v1/licences/${licenceId}/files/ofd`);
    const report = (await call(clerk, 'POST', '/api/v1/verifications', ofd.bytes)).json;
    expect(report).to.include({ valid: true });
    expect(report.checks).to.deep.include({ name: 'dispute', outcome: 'warned', code: 'DISPUTED', ...disputedWords });
    expect((await call(world.window, 'POST', `${one}/evidence?name=a.pdf`, EVIDENCE.pdf)).status).to.equal(201);
    const answer = { outcome: 'upheld', answer: '属实，予以注销' };
    expect((await call(reviewer, 'POST', `${one}/answer`, answer)).json).to.include({ state: 'upheld' });
    expect((await call(world.window, 'POST', '/api/v1/sharing/status', within())).json).to.include({ disputed: true });
    const change = { act: 'suspend', legalBasis: '规定', reason: '异议成立' };
    expect((await call(clerk, 'POST', `/api/v1/licences/${licenceId}/status`, change)).status).to.equal(200);
    expect((await call(clerk, 'POST', `${one}/correction`, {})).json).to.include({ state: 'corrected' });
    since = performance.now();
    const corrected = await statusAfter('corrected → the consumer reads it', since);
    expect(corrected).to.include({ disputed: false, status: 'suspended' });
    const told = await noticesOf('corrected → the webhook tells it', since);
    expect(told).to.deep.equal(['licence.suspend', 'licence.dispute-closed']);
    const notices = (await call(world.window, 'GET', '/api/v1/notices')).json.items as { kind: string }[];
    expect(notices.map(({ kind }) => kind)).to.deep.equal(['objection.corrected', 'objection.answered']);
    const { events, correction } = (await call(world.window, 'GET', one)).json;
    expect((events as { act: string; by: string | null }[]).map(({ act }) => act)).to.deep.equal([
      ...['filed', 'evidence', 'upheld', 'corrected'],
    ]);
    expect(correction).to.include({ plan: null }).and.have.property('sequence').that.is.above(1);
  });

  const disputedWords = { zh: '证照存在未办结的异议', en: 'The licence is in dispute' };

  async function preview(hand: Hand): Promise<Uint8Array> {
    return (await call(hand, 'GET', `/api/v1/licences/${world.licence.licenceId}/preview`)).bytes;
  }

  it('rejected: with the reason, and the flag is gone', async () => {
    const reviewer = await world.web.person('issuer.reviewer');
    const { verificationCode } = world.personal;
    const filed = await call(holder, 'POST', objections, filing(world.personal, { category: 'not-mine' }));
    const one = `${objections}/${String(filed.json.number)}`;
    const check = async () => {
      const response = await fetch(`${origin}/v/${verificationCode}`, { headers: { Accept: 'application/json' } });
      return (await response.json()) as object;
    };
    expect(await check()).to.include({ disputed: true });
    expect((await call(reviewer, 'POST', `${one}/answer`, { outcome: 'rejected' })).json.errors).to.have.length(1);
    const answer = { outcome: 'rejected', answer: '经核对申请材料，签名属实' };
    expect((await call(reviewer, 'POST', `${one}/answer`, answer)).json).to.include({ state: 'rejected' });
    expect(await check()).to.include({ disputed: false });
    expect((await call(holder, 'GET', one)).json).to.include({ answer: answer.answer, handler: null });
  });

  it('late: the bureau has it once, however long the clockwork stood still, and the answer keeps its lateness', async () => {
    const { time } = world.web.house;
    // National Day 2026 is 1 to 7 October; Saturday the 10th is worked. Filed on Wednesday 30 September.
    time.set('2026-09-30T02:00:00Z');
    const [, , consumer] = await signInAgain();
    const filed = await call(consumer, 'POST', objections, filing(world.licence, { category: 'file' }));
    expect(filed.json.dueAt).to.equal('2026-10-13T16:00:00.000Z');
    const one = `${objections}/${String(filed.json.number)}`;
    time.set(String(filed.json.dueAt));
    time.advance({ days: 3 });
    const work = { queue: { add: () => Promise.resolve() }, key: 'test', signal: new AbortController().signal };
    for (let run = 0; run < 2; run += 1) {
      const done = await escalateObjectionsJob.run(world.web.house, houseCaller('job'), work as never);
      expect(done).to.deep.equal(run === 0 ? { escalated: 1 } : undefined);
    }
    const [reviewer, officer, window] = await signInAgain();
    const notices = (await call(officer, 'GET', '/api/v1/notices')).json.items as { kind: string; subjectId: string }[];
    expect(notices.filter(({ kind }) => kind === 'objection.escalated')).to.have.length(1);
    const overdue = (await call(officer, 'GET', `${objections}?stage=overdue`)).json.items as { escalated: boolean }[];
    expect(overdue.map(({ escalated }) => escalated)).to.deep.equal([true]);
    expect((await call(officer, 'POST', `${one}/reminders`, { words: '请即答复' })).status).to.equal(200);
    const answer = { outcome: 'rejected', answer: '文件经验证可以打开' };
    const refused = await call(reviewer, 'POST', `${one}/answer`, answer);
    expect([refused.status, (refused.json.errors as { code: string }[])[0]?.code]).to.deep.equal([
      ...[400, 'LATE_REASON_REQUIRED'],
    ]);
    const late = await call(reviewer, 'POST', `${one}/answer`, { ...answer, lateReason: '系统升级期间未及时处理' });
    expect(late.json).to.include({ state: 'rejected', lateMinutes: 3 * 24 * 60 });
    const events = (await call(window, 'GET', one)).json.events as { act: string; by: string | null }[];
    expect(events.map(({ act, by }) => [act, by === null])).to.deep.equal([
      ...[
        ['filed', false],
        ['escalated', true],
        ['reminded', true],
        ['rejected', true],
      ],
    ]);
  });
});
