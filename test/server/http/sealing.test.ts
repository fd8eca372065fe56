import { expect } from 'chai';
import { houseCaller } from '../../../models/house.ts';
import type { Fault } from '../../../models/kernel/fault.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { MOVES, STATUS_ACTS, type StatusAct } from '../../../models/licence/states.ts';
import { ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { approve, issue, submission, submit } from './issue.ts';
import {
  addUser,
  bodyOfAnswer,
  expectProblem,
  type Hand,
  openWeb,
  personalHand,
  signIn,
  storingNothing,
  type Web,
} from './web.ts';

describe('nothing is sealed before review', () => {
  let web: Web;
  let keeper: Hand;
  const seal = (hand: Hand, id: string) => async () => hand.post(`/api/v1/licences/${id}/seal`, {});
  const rule = (changes: object = {}) => ({
    catalogueCode: ENTRY.code,
    sources: ['api'],
    from: '2026-01-01',
    to: '2026-12-31',
    ...changes,
  });

  beforeEach(async function () {
    this.timeout(60_000);
    web = await openWeb();
    keeper = await web.person('issuer.seal-keeper');
  });

  afterEach(() => web.close());

  it('by a person', async () => {
    expectProblem(await storingNothing(web, seal(keeper, await submit(web))), 409, 'NOT_REVIEWED');
  });

  it('by a system with every scope a system may hold', async () => {
    const system = await web.system(['issuer.clerk', 'issuer.seal-keeper']);
    const { licenceId } = bodyOfAnswer<{ licenceId: string }>(await system.post('/api/v1/licences', submission()));
    expectProblem(await storingNothing(web, seal(system, licenceId)), 409, 'NOT_REVIEWED');
    const alone = async () => system.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' });
    expectProblem(await storingNothing(web, alone), 403, 'FORBIDDEN');
    expectProblem(await storingNothing(web, seal(system, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('but by what a person did through their own credentials, with no more than their roles', async () => {
    const { id } = await addUser(web.house, {
      loginName: 'wang',
      roles: ['issuer.reviewer'],
      organisationCode: ISSUER,
    });
    const wang = await personalHand(web, 'wang', ['issuer.reviewer']);
    const licenceId = await submit(web);
    expect((await wang.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' })).status).to.equal(200);
    expect((await web.house.db.rows.reviews.findOne({ where: { licenceId } }))?.reviewerId).to.equal(id);
    expectProblem(await storingNothing(web, seal(wang, licenceId)), 403, 'FORBIDDEN');
    expect((await seal(keeper, licenceId)()).status).to.equal(200);
    await web.house.db.rows.users.update({ state: 'disabled' }, { where: { id } });
    expectProblem(await wang.get(`/api/v1/licences/${licenceId}`), 401, 'UNAUTHENTICATED');
  });

  it('by the repository itself', async () => {
    const licenceId = await submit(web);
    const caller = houseCaller('test', ISSUER);
    const code = await sealLicence(web.house, caller, licenceId).catch((error: unknown) => (error as Fault).code);
    expect(code).to.equal('NOT_REVIEWED');
  });

  it('when it was returned', async () => {
    const licenceId = await submit(web);
    const reviewer = await web.person('issuer.reviewer');
    const path = `/api/v1/licences/${licenceId}/review`;
    const bare = async () => reviewer.post(path, { decision: 'returned' });
    expectProblem(await storingNothing(web, bare), 400, 'REQUEST_INVALID', ['/reason FIELD_REQUIRED']);
    expect((await reviewer.post(path, { decision: 'returned', reason: '地址有误' })).status).to.equal(200);
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('when the review was of other contents', async () => {
    const licenceId = await submit(web);
    await approve(web, licenceId);
    await web.house.db.rows.licences.update({ contentDigest: 'f'.repeat(64) }, { where: { id: licenceId } });
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('when its state says reviewed but no review is there', async () => {
    const licenceId = await submit(web);
    await web.house.db.rows.licences.update({ state: 'reviewed' }, { where: { id: licenceId } });
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('but the issuer’s own signed rule reviews what its systems submit', async () => {
    expect((await keeper.post('/api/v1/review-rules', rule())).status).to.equal(201);
    const system = await web.system(['issuer.clerk', 'issuer.seal-keeper']);
    const { licenceId } = bodyOfAnswer<{ licenceId: string }>(await system.post('/api/v1/licences', submission()));
    const issued = await system.post(`/api/v1/licences/${licenceId}/seal`, {});
    expect(issued.status, issued.text).to.equal(200);
    expect(bodyOfAnswer<{ reviews: { reviewerType: string }[] }>(issued).reviews).to.have.length(1);
    expect(bodyOfAnswer<{ reviews: { reviewerType: string }[] }>(issued).reviews[0]?.reviewerType).to.equal('rule');
  });

  it('by a rule that speaks of other ways in, of commitments not at all, or of another time', async () => {
    for (const other of [{ sources: ['front-end'] }, { to: '2026-03-01' }, { from: '2026-03-03' }]) {
      expect((await keeper.post('/api/v1/review-rules', rule(other))).status).to.equal(201);
    }
    const system = await web.system(['issuer.clerk', 'issuer.seal-keeper']);
    const submitted = async (body: object) =>
      bodyOfAnswer<{ licenceId: string }>(await system.post('/api/v1/licences', body)).licenceId;
    expectProblem(await storingNothing(web, seal(system, await submitted(submission()))), 409, 'NOT_REVIEWED');
    await keeper.post('/api/v1/review-rules', rule());
    const byForm = await submit(web);
    expectProblem(await storingNothing(web, seal(keeper, byForm)), 409, 'NOT_REVIEWED');
    const commitment = await submitted(submission({ commitment: true }));
    expectProblem(await storingNothing(web, seal(system, commitment)), 409, 'NOT_REVIEWED');
  });

  it('by a rule that was withdrawn, ran out, or whose signature does not hold, though it had approved', async () => {
    await keeper.post('/api/v1/review-rules', rule());
    const { reviews, reviewRules, licences } = web.house.db.rows;
    const held = await reviewRules.findOne();
    const licenceId = await submit(web);
    const contentDigest = (await licences.findByPk(licenceId))?.contentDigest ?? '';
    await licences.update({ state: 'reviewed', source: 'api' }, { where: { id: licenceId } });
    const common = { licenceId, reason: null, contentDigest, createdAt: web.house.clock() } as const;
    await reviews.create({
      ...common,
      id: 'R1',
      reviewerType: 'rule',
      reviewerId: held?.id ?? '',
      decision: 'approved',
    });
    expect((await keeper.post(`/api/v1/review-rules/${held?.id}/withdraw`, {})).status).to.equal(200);
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'NOT_REVIEWED');
    await reviewRules.update({ state: 'in-force', signature: Buffer.from('3003020101', 'hex') }, { where: {} });
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'RULE_SIGNATURE_WRONG');
    await reviewRules.update({ signature: held?.signature ?? Buffer.alloc(0) }, { where: {} });
    web.house.time.set('2027-01-01T00:00:00Z');
    const later = await signIn(web.app, `issuer.seal-keeper.${ISSUER.toLowerCase()}`);
    expectProblem(await storingNothing(web, seal(later, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('by the one who submitted it, whatever roles they hold', async () => {
    const roles = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'] as const;
    await addUser(web.house, { loginName: 'both', roles: [...roles], organisationCode: ISSUER });
    const both = await signIn(web.app, 'both');
    const { licenceId } = bodyOfAnswer<{ licenceId: string }>(await both.post('/api/v1/licences', submission()));
    const review = async () => both.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' });
    expectProblem(await storingNothing(web, review), 409, 'REVIEW_SELF');
    expectProblem(await storingNothing(web, seal(both, licenceId)), 409, 'NOT_REVIEWED');
  });

  it('and what was reviewed or issued is not reviewed or sealed again', async () => {
    const { licenceId } = await issue(web);
    const reviewer = await web.person('issuer.reviewer');
    const again = async () => reviewer.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' });
    expectProblem(await storingNothing(web, again), 409, 'STATE_CONFLICT');
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'STATE_CONFLICT');
  });

  it('nor without a seal that is in force', async () => {
    const licenceId = await submit(web);
    await approve(web, licenceId);
    await web.house.db.rows.seals.update({ state: 'frozen' }, { where: {} });
    expectProblem(await storingNothing(web, seal(keeper, licenceId)), 409, 'SEAL_FROZEN');
  });
});

describe('the status of an issued licence', () => {
  let web: Web;

  before(async () => {
    web = await openWeb();
  });

  after(() => web.close());

  it('moves only as the table says', async function () {
    this.timeout(60_000);
    const clerk = await web.person('issuer.clerk');
    const { licenceId } = await issue(web);
    const move = async (act: string) =>
      clerk.post(`/api/v1/licences/${licenceId}/status`, { act, legalBasis: '行政许可法', reason: '核查' });
    const walk: readonly (readonly [StatusAct, string])[] = [
      ['suspend', 'suspended'],
      ['resume', 'valid'],
      ['cancel', 'cancelled'],
    ];
    let status: string = 'valid';
    for (const [act, next] of walk) {
      for (const other of STATUS_ACTS) {
        if ((MOVES[other].from as readonly string[]).includes(status)) continue;
        expectProblem(await storingNothing(web, () => move(other)), 409, 'STATE_CONFLICT');
      }
      const moved = await move(act);
      expect(bodyOfAnswer(moved).status).to.equal(next);
      status = next;
    }
    for (const act of STATUS_ACTS) expectProblem(await storingNothing(web, () => move(act)), 409, 'STATE_CONFLICT');
  });

  it('is changed by its issuer’s system, as are its data and its version, and by no other body’s system', async function () {
    this.timeout(60_000);
    const { licenceId } = await issue(web);
    const own = await web.system(['issuer.clerk']);
    const others = await web.system(['issuer.clerk'], OTHER_ISSUER);
    const words = { legalBasis: '行政许可法', reason: '核查' };
    const acts = [
      ['status', { act: 'suspend', ...words }, 200],
      ['status', { act: 'resume', ...words }, 200],
      ['data', { caseNumber: 'AJ-系统', reason: '补录' }, 200],
      ['successions', { act: 'amend', ...words, fields: { projectName: '样例花园二期' } }, 201],
    ] as const;
    for (const [what, body, status] of acts) {
      const call = (hand: Hand) => hand.post(`/api/v1/licences/${licenceId}/${what}`, body);
      expectProblem(await storingNothing(web, async () => call(others)), 404, 'NOT_FOUND');
      const done = await call(own);
      expect(done.status, done.text).to.equal(status);
    }
    const { changes, caseNumber } = bodyOfAnswer<{ changes: { act: string }[]; caseNumber: string }>(
      await own.get(`/api/v1/licences/${licenceId}`),
    );
    expect([caseNumber, ...changes.map(({ act }) => act)]).to.deep.equal([
      'AJ-系统',
      ...['issue', 'suspend', 'resume', 'maintain'],
    ]);
    expectProblem(await others.get(`/api/v1/licences/${licenceId}`), 404, 'NOT_FOUND');
  });

  it('does not move before it is issued, nor by an act that is none, nor without a reason', async () => {
    const clerk = await web.person('issuer.clerk');
    const path = `/api/v1/licences/${await submit(web)}/status`;
    const early = async () => clerk.post(path, { act: 'cancel', legalBasis: '规定', reason: '核查' });
    expectProblem(await storingNothing(web, early), 409, 'STATE_CONFLICT');
    const bare = async () => clerk.post(path, { act: 'burn' });
    expectProblem(await storingNothing(web, bare), 400, 'REQUEST_INVALID', [
      '/act FIELD_NOT_IN_CODE_LIST',
      '/reason FIELD_REQUIRED',
    ]);
  });
});
