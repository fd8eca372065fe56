import { expect } from 'chai';
import { CITIZEN, CONSUMER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { addUser, bodyOfAnswer, expectProblem, type Hand, signIn, storingNothing } from './web.ts';

interface Objection {
  readonly number: string;
  readonly state: string;
  readonly dueAt: string;
  readonly answer: string | null;
  readonly answeredAt: string | null;
}
interface Late {
  readonly items: readonly {
    kind: string;
    subject: string;
    lateMinutes: number;
    metAt: string | null;
    skipped: string[];
  }[];
}

describe('a holder', () => {
  let world: SharingWorld;
  let holder: Hand;

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const holderId = world.personal.holders[0]?.holderId ?? '';
    await addUser(world.web.house, { loginName: 'ouyang', roles: ['holder'], holderId });
    holder = await signIn(world.web.app, 'ouyang');
  });

  after(() => world.web.close());

  it('sees their own licences and nobody else’s', async () => {
    const response = await holder.get('/api/v1/my/licences');
    const { items } = bodyOfAnswer<{ items: { licenceId: string; status: string }[] }>(response);
    expect(items.map(({ licenceId, status }) => [licenceId, status])).to.deep.equal([
      [world.personal.licenceId, 'valid'],
    ]);
    expect(response.text).to.not.include(CITIZEN);
  });

  it('downloads the sealed originals, byte for byte what is kept', async () => {
    for (const { format, sm3 } of world.personal.files) {
      const path = `/api/v1/licences/${world.personal.licenceId}/files/${format}`;
      const response = await holder.get(path).buffer(true).parse(readBinary);
      expect(response.status).to.equal(200);
      expect(response.type).to.equal(`application/${format}`);
      expect(response.get('Content-Disposition')).to.equal(
        `attachment; filename="${world.personal.identifier}.${format}"`,
      );
      expect(response.get('Cache-Control')).to.equal('no-store');
      const kept = Buffer.from(await world.web.house.blobs.get(sm3));
      expect(kept.equals(response.body as Buffer)).to.equal(true);
    }
  });

  it('does not find another holder’s licence, nor a format that is none', async () => {
    expectProblem(await holder.get(`/api/v1/licences/${world.licence.licenceId}/files/ofd`), 404, 'NOT_FOUND');
    expectProblem(await holder.get('/api/v1/licences/NOSUCH/files/ofd'), 404, 'NOT_FOUND');
    expectProblem(await holder.get(`/api/v1/licences/${world.personal.licenceId}/files/docx`), 404, 'FILE_MISSING');
  });
});

describe('objections', () => {
  let world: SharingWorld;
  let holder: Hand;
  let reviewer: Hand;
  const text = '证照地址与实际不符，请更正';
  const file = (hand: Hand, identifier: string | null) => hand.post('/api/v1/objections', { identifier, text });

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const holderId = world.personal.holders[0]?.holderId ?? '';
    await addUser(world.web.house, { loginName: 'ouyang', roles: ['holder'], holderId });
  });

  beforeEach(async () => {
    holder = await signIn(world.web.app, 'ouyang');
    reviewer = await signIn(world.web.app, await reviewerName());
  });

  after(() => world.web.close());

  const reviewerName = async () => {
    await world.web.person('issuer.reviewer');
    const users = await world.web.house.db.rows.users.findAll();
    return users.find(({ loginName }) => loginName.startsWith('issuer.reviewer.'))?.loginName ?? '';
  };

  it('are filed by the holder, answered by the issuer, read by both', async () => {
    const filed = await file(holder, world.personal.identifier);
    expect(filed.status, filed.text).to.equal(201);
    const { number, state, dueAt } = bodyOfAnswer<Objection>(filed);
    expect(number).to.match(/^YY20260302[0-9A-Z]{8}$/);
    // Monday 2 March 2026: five working days end with Monday the 9th.
    expect([state, dueAt]).to.deep.equal(['filed', '2026-03-09T16:00:00.000Z']);
    const path = `/api/v1/objections/${number}`;
    const answered = await reviewer.post(`${path}/answer`, { outcome: 'upheld', answer: '已核实并更正' });
    expect(bodyOfAnswer<Objection>(answered)).to.include({ state: 'upheld', answer: '已核实并更正' });
    for (const hand of [holder, reviewer, await world.web.person('bureau.supervisor')]) {
      expect(bodyOfAnswer<Objection>(await hand.get(path))).to.include({ number, state: 'upheld' });
    }
    const again = async () => reviewer.post(`${path}/answer`, { outcome: 'rejected', answer: '再次答复' });
    expectProblem(await storingNothing(world.web, again), 409, 'STATE_CONFLICT');
  });

  it('are not found by others: another issuer, another holder, a body that never used the licence', async () => {
    const { number } = bodyOfAnswer<Objection>(await file(holder, world.personal.identifier));
    const foreign = await world.web.person('issuer.reviewer', OTHER_ISSUER);
    expectProblem(await foreign.get(`/api/v1/objections/${number}`), 404, 'NOT_FOUND');
    const answer = async () =>
      foreign.post(`/api/v1/objections/${number}/answer`, { outcome: 'upheld', answer: '越权答复' });
    expectProblem(await storingNothing(world.web, answer), 404, 'NOT_FOUND');
    expectProblem(
      await storingNothing(world.web, async () => file(holder, world.licence.identifier)),
      404,
      'NOT_FOUND',
    );
    expectProblem(
      await storingNothing(world.web, async () => file(world.window, world.licence.identifier)),
      404,
      'NOT_FOUND',
    );
  });

  it('are filed by a consumer once it has used the licence', async () => {
    const body = { useCode: await world.openUse(), identifier: world.licence.identifier };
    expect((await world.window.post('/api/v1/sharing/status', body)).status).to.equal(200);
    expect((await file(world.window, world.licence.identifier)).status).to.equal(201);
    expect(CONSUMER).to.have.length(18);
  });

  it('fall due after five working days, holidays passed over and make-up days counted', async () => {
    // National Day 2026 is 1 to 7 October; Saturday the 10th is worked. Filed on Wednesday 30 September.
    world.web.house.time.set('2026-09-30T02:00:00Z');
    const someone = await signIn(world.web.app, 'ouyang');
    const filed = bodyOfAnswer<Objection>(await file(someone, world.personal.identifier));
    expect(filed.dueAt).to.equal('2026-10-13T16:00:00.000Z');
  });

  it('are on the list of what is overdue when nobody answers, or answers late', async () => {
    const { time } = world.web.house;
    time.set('2026-11-02T02:00:00Z');
    const filer = await signIn(world.web.app, 'ouyang');
    const { number, dueAt } = bodyOfAnswer<Objection>(await file(filer, world.personal.identifier));
    time.set(dueAt);
    const late = async () => {
      const officer = await signIn(world.web.app, await supervisorName());
      const { items } = bodyOfAnswer<Late>(await officer.get('/api/v1/deadlines/overdue'));
      return items.find(({ subject }) => subject === number);
    };
    expect(await late()).to.equal(undefined);
    time.advance({ minutes: 90 });
    expect(await late()).to.include({ kind: 'objection', lateMinutes: 90, metAt: null });
    const answerer = await signIn(world.web.app, await reviewerName());
    await answerer.post(`/api/v1/objections/${number}/answer`, { outcome: 'rejected', answer: '经核实无误' });
    time.advance({ days: 1 });
    expect(await late()).to.include({ kind: 'objection', lateMinutes: 90 });
  });

  const supervisorName = async () => {
    await world.web.person('bureau.supervisor');
    return 'bureau.supervisor.none';
  };
});
