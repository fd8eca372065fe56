import { expect } from 'chai';
import type { Response } from 'supertest';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { COMPANY, CONSUMER, ENTRY } from '../../world/sample-entry.ts';
import { approve, submission, submit } from './issue.ts';
import { bodyOfAnswer, countRows, expectProblem, openWeb, storingNothing, type Web } from './web.ts';

const STATUS = { act: 'cancel', legalBasis: '规定', reason: '注销' };

eachDatabase('a write with an Idempotency-Key', (openDatabase) => {
  let web: Web;
  const path = '/api/v1/licences';
  const submitWith = async (key: string, body: object) =>
    (await web.person('issuer.clerk')).post(path, body).set('Idempotency-Key', key);

  before(async function () {
    this.timeout(60_000);
    web = await openWeb(await openDatabase());
  });

  after(() => web.close());

  it('is done once and answered byte for byte the same ever after', async () => {
    const body = submission();
    const first = await submitWith('key-1', body);
    expect(first.status).to.equal(201);
    expect(first.get('Idempotent-Replayed')).to.equal(undefined);
    web.house.time.advance({ minutes: 10 });
    for (let again = 1; again <= 2; again += 1) {
      const replay = await storingNothing(web, () => submitWith('key-1', body));
      expect(replay.status).to.equal(201);
      expect(replay.text).to.equal(first.text);
      expect(replay.get('Idempotent-Replayed')).to.equal('true');
    }
  });

  it('is refused when the key comes with another body, or for another call', async () => {
    const body = submission();
    await submitWith('key-2', body);
    const other = () => submitWith('key-2', { ...body, caseNumber: 'AJ-2' });
    expectProblem(await storingNothing(web, other), 409, 'IDEMPOTENCY_KEY_REUSED');
    const clerk = await web.person('issuer.clerk');
    const elsewhere = async () => clerk.post('/api/v1/licences/X/status', STATUS).set('Idempotency-Key', 'key-2');
    expectProblem(await storingNothing(web, elsewhere), 409, 'IDEMPOTENCY_KEY_REUSED');
  });

  it('may use the same key as somebody else', async () => {
    const window = await web.person('consumer.window');
    const approver = await web.person('consumer.approver');
    const officer = await web.person('bureau.officer');
    const matter = { code: 'SX-1', name: '事项', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    expect((await officer.post('/api/v1/matters', matter)).status).to.equal(201);
    const use = { case: 'SL-1', matter: 'SX-1', purpose: '核验资质', holder: { type: 'legal', number: COMPANY } };
    const one = await window.post('/api/v1/uses', use).set('Idempotency-Key', 'shared');
    const two = await approver.post('/api/v1/uses', use).set('Idempotency-Key', 'shared');
    expect([one.status, two.status]).to.deep.equal([201, 201]);
    expect(bodyOfAnswer(one).useCode).to.not.equal(bodyOfAnswer(two).useCode);
    const kept = JSON.stringify(await web.house.db.rows.idempotencyKeys.findAll());
    expect(kept, 'the code lies nowhere in clear').to.not.include(bodyOfAnswer<{ useCode: string }>(one).useCode);
  });

  it('waits while the first is under way, and is free again when its process died', async () => {
    const body = submission();
    const raw = JSON.stringify(body);
    const { db, time } = web.house;
    const clerk = await db.rows.users.findOne({
      where: { loginName: `issuer.clerk.${ENTRY.issuingBody.toLowerCase()}` },
    });
    const now = time.now();
    await db.rows.idempotencyKeys.create({
      id: sm3Hex(`person:${clerk?.id}`, '\0', 'key-3'),
      requestDigest: sm3Hex(`POST ${path}\n`, raw),
      state: 'open',
      status: null,
      body: null,
      lockedUntil: new Date(now.getTime() + 60_000),
      createdAt: now,
    });
    const underWay = await storingNothing(web, () => submitWith('key-3', body));
    expectProblem(underWay, 409, 'IDEMPOTENCY_IN_PROGRESS');
    time.advance({ minutes: 2 });
    expect((await submitWith('key-3', body)).status).to.equal(201);
  });

  it('frees its key when it failed, so that the mended request may use it', async () => {
    const body = submission();
    const faulty = () => submitWith('key-4', { ...body, validFrom: 'tomorrow' });
    expectProblem(await storingNothing(web, faulty), 400, 'REQUEST_INVALID', ['/validFrom DATE_IMPOSSIBLE']);
    expect((await submitWith('key-4', body)).status).to.equal(201);
  });

  it('is refused with a key that is none', async () => {
    for (const key of ['a b', 'x'.repeat(201)]) {
      expectProblem(await storingNothing(web, () => submitWith(key, submission())), 400, 'REQUEST_INVALID');
    }
  });

  it('comes twice at the same moment and is done once', async () => {
    const body = submission();
    const before = await countRows(web.house);
    const answers = await Promise.all([1, 2, 3].map(() => submitWith('key-5', body)));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).to.equal(1);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'IDEMPOTENCY_IN_PROGRESS');
    const after = await countRows(web.house);
    expect((after.licences ?? 0) - (before.licences ?? 0)).to.equal(1);
  });

  it('seals once when its answer was lost and it is sent again', async function () {
    this.timeout(60_000);
    const licenceId = await submit(web);
    await approve(web, licenceId);
    const keeper = await web.person('issuer.seal-keeper');
    const seal = async () => keeper.post(`${path}/${licenceId}/seal`, {}).set('Idempotency-Key', 'key-6');
    const first = await seal();
    expect(first.status).to.equal(200);
    const again = await storingNothing(web, seal);
    expect(again.text).to.equal(first.text);
  });
});

eachDatabase('two at the same moment', (openDatabase) => {
  let web: Web;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb(await openDatabase());
  });

  after(() => web.close());

  it('with one licence number: exactly one wins, the other is told so', async () => {
    const clerk = await web.person('issuer.clerk');
    const body = submission();
    const answers = await Promise.all(
      [1, 2, 3].map(async (): Promise<Response> => clerk.post('/api/v1/licences', body)),
    );
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    for (const answer of answers) {
      if (answer.status !== 201) {
        expectProblem(answer, 409, 'LICENCE_NUMBER_DUPLICATE', ['/fields/licenceNumber LICENCE_NUMBER_DUPLICATE']);
      }
    }
    const { db } = web.house;
    expect(await db.rows.licences.count()).to.equal(1);
    expect(await db.rows.licenceHolders.count()).to.equal(1);
  });

  it('who seal one licence: exactly one issues, one identifier, two files', async function () {
    this.timeout(60_000);
    const licenceId = await submit(web);
    await approve(web, licenceId);
    const keeper = await web.person('issuer.seal-keeper');
    const seal = async (): Promise<Response> => keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
    const answers = await Promise.all([seal(), seal(), seal()]);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 409, 'STATE_CONFLICT');
    const { intents, licenceFiles, changes } = web.house.db.rows;
    expect((await intents.findAll({ where: { licenceId } })).map(({ state }) => state)).to.deep.equal(['finished']);
    expect(await licenceFiles.count({ where: { licenceId } })).to.equal(2);
    expect(await changes.count({ where: { licenceId } })).to.equal(1);
  });

  it('who review one licence: exactly one review is kept', async () => {
    const licenceId = await submit(web);
    const reviewer = await web.person('issuer.reviewer');
    const review = async (): Promise<Response> =>
      reviewer.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' });
    const answers = await Promise.all([review(), review()]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    expect(await web.house.db.rows.reviews.count({ where: { licenceId } })).to.equal(1);
  });
});
