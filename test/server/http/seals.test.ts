import { expect } from 'chai';
import { SEAL_MOVES, SEAL_STATES, type SealAct, type SealState } from '../../../models/seal/seal-moves.ts';
import { sealAt } from '../../models/seal/seal-at.ts';
import { ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { approve, submission, submit } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { apply, approved, firstSeal, made, type SealHands, sealHands, sealOf, why } from './seal-world.ts';
import { addUser, bodyOfAnswer, expectProblem, type Hand, openWeb, signIn, storingNothing, type Web } from './web.ts';

interface Detail {
  readonly changes: readonly {
    act: string;
    fromState: string | null;
    toState: string;
    actor: string;
    reason: string;
  }[];
  readonly users: readonly { userId: string; state: string }[];
}

describe('the life of a seal', () => {
  let web: Web;
  let hands: SealHands;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    hands = await sealHands(web);
  });

  after(() => web.close());

  const post = (hand: Hand, id: string, act: string, body: object = why) =>
    hand.post(`/api/v1/seals/${id}/${act}`, body);
  const detail = async (id: string) => bodyOfAnswer<Detail>(await hands.officer.get(`/api/v1/seals/${id}`));

  it('begins with an application, is approved by another, and made: each step with who, when and why', async () => {
    const id = await apply(hands, { reason: '新设单位', years: 3 });
    expect(sealOf(await hands.keeper.get(`/api/v1/seals/${id}`))).to.include({ state: 'applied', validTo: null });
    sealOf(await post(hands.officer, id, 'approve', { reason: '属实' }));
    const active = sealOf(await post(hands.officer, id, 'make', {}));
    expect(active).to.include({ state: 'active', kind: 'unit', origin: 'development', sesVersion: 4, service: null });
    expect(active.validTo).to.equal('2029-03-02T01:00:00.000Z');
    expect(active.esId).to.match(/^\d{13}$/);
    const { changes } = await detail(id);
    expect(changes.map(({ act, fromState, toState, reason }) => [act, fromState, toState, reason])).to.deep.equal([
      ['apply', null, 'applied', '新设单位'],
      ['approve', 'applied', 'approved', '属实'],
      ['make', 'approved', 'active', null],
    ]);
    expect(changes[0]?.actor).to.not.equal(changes[1]?.actor);
    const picture = await hands.keeper.get(`/api/v1/seals/${id}/picture`);
    expect([picture.status, picture.type]).to.deep.equal([200, 'image/png']);
  });

  it('keeps every move in the access log', async () => {
    const auditor = await web.person('auditor');
    const id = await made(hands);
    await post(hands.keeper, id, 'freeze');
    await post(hands.officer, id, 'revoke');
    const acts = ['seal.apply', 'seal.decide', 'seal.make', 'seal.freeze', 'seal.revoke'];
    for (const act of acts) {
      const { items } = bodyOfAnswer<{ items: { details: { sealId: string } }[] }>(
        await auditor.get(`/api/v1/audit/entries?act=${act}&limit=200`),
      );
      expect(items.filter(({ details }) => details.sealId === id).length, act).to.equal(1);
    }
  });

  it('needs two persons: nobody approves what they applied for, whatever office they hold by now', async () => {
    const user = { loginName: 'both', roles: ['issuer.seal-keeper' as const], organisationCode: ISSUER };
    const { id: userId } = await addUser(web.house, user);
    const id = await apply({ ...hands, keeper: await signIn(web.app, 'both') });
    const moved = { roles: ['bureau.officer' as const], organisationCode: null };
    await web.house.db.rows.users.update(moved, { where: { id: userId } });
    const both = await signIn(web.app, 'both');
    const problem = await storingNothing(web, async () => post(both, id, 'approve'));
    expectProblem(problem, 409, 'SEAL_SELF_APPROVAL');
    sealOf(await post(hands.officer, id, 'approve'));
  });

  it('moves from every state only as the table says', async function () {
    this.timeout(120_000);
    const acts = ['approve', 'refuse', 'make', 'freeze', 'unfreeze', 'revoke'] as const satisfies readonly SealAct[];
    for (const state of SEAL_STATES) {
      for (const act of acts) {
        const move: { readonly from: readonly SealState[]; readonly to: SealState } = SEAL_MOVES[act];
        if (move.from.includes(state)) continue;
        const id = await sealAt(web.house, state);
        const call = async () => post(hands.officer, id, act, act === 'make' ? {} : why);
        const problem = expectProblem(await storingNothing(web, call), 409, 'SEAL_MOVE_REFUSED');
        expect(problem.detail).to.equal(`${state} → ${act}`);
      }
    }
  });

  it('moves wherever the table lets it', async function () {
    this.timeout(120_000);
    for (const [act, { from, to }] of Object.entries(SEAL_MOVES)) {
      if (act === 'supersede' || act === 'make' || act === 'register') continue;
      for (const state of from) {
        const id = await sealAt(web.house, state);
        expect(sealOf(await post(hands.officer, id, act)).state, `${state} ${act}`).to.equal(to);
        expect((await detail(id)).changes.at(-1)).to.include({ act, fromState: state, toState: to, reason: '核查' });
      }
    }
  });

  it('ends with a refusal or a revocation, and no word is missing', async () => {
    const refused = await apply(hands);
    expect(sealOf(await post(hands.officer, refused, 'refuse')).state).to.equal('refused');
    for (const act of ['approve', 'refuse', 'freeze', 'unfreeze', 'revoke', 'renew']) {
      const hand = act === 'renew' ? hands.keeper : hands.officer;
      const bare = async () => post(hand, refused, act, {});
      expectProblem(await storingNothing(web, bare), 400, 'REQUEST_INVALID', ['/reason FIELD_REQUIRED']);
    }
  });

  it('answers the same call with the same key once', async () => {
    const key = { 'Idempotency-Key': 'apply-once' };
    const send = async () => hands.keeper.post('/api/v1/seals', { name: '章' }).set(key);
    const { sealId } = sealOf(await send(), 201);
    const again = await storingNothing(web, send);
    expect(sealOf(again, 201).sealId).to.equal(sealId);
    expect(again.get('Idempotent-Replayed')).to.equal('true');
    const freezeKey = { 'Idempotency-Key': 'freeze-once' };
    const id = await sealAt(web.house, 'active');
    const freeze = async () => post(hands.keeper, id, 'freeze').set(freezeKey);
    expect(sealOf(await freeze()).state).to.equal('frozen');
    expect(sealOf(await storingNothing(web, freeze)).state).to.equal('frozen');
  });

  it('is made once, however many ask at once', async function () {
    this.timeout(60_000);
    const id = await approved(hands);
    const answers = await Promise.all([post(hands.officer, id, 'make', {}), post(hands.officer, id, 'make', {})]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    expect((await detail(id)).changes.filter(({ act }) => act === 'make')).to.have.length(1);
  });

  it('is not made in production', async () => {
    const id = await approved(hands);
    Object.assign(web.house, { mode: 'production' });
    try {
      const call = async () => post(hands.officer, id, 'make', {});
      expectProblem(await storingNothing(web, call), 409, 'DEVELOPMENT_ONLY');
    } finally {
      Object.assign(web.house, { mode: 'demo' });
    }
  });

  it('may be a person’s, and then names the person', async () => {
    const bare = async () => hands.keeper.post('/api/v1/seals', { kind: 'personal', name: '法人名章' });
    expectProblem(await storingNothing(web, bare), 400, 'REQUEST_INVALID', ['/personName FIELD_REQUIRED']);
    const wrong = async () => hands.keeper.post('/api/v1/seals', { name: '公章', personName: '王小明' });
    expectProblem(await storingNothing(web, wrong), 400, 'REQUEST_INVALID', ['/personName FIELD_UNKNOWN']);
    const id = await made(hands, { kind: 'personal', name: '王小明名章', personName: '王小明' });
    const personal = await detail(id);
    expect(personal).to.include({ kind: 'personal', personName: '王小明', state: 'active' });
  });

  it('is told to its own body and to those who oversee, to nobody else', async () => {
    const id = await apply(hands);
    const foreign = await web.person('issuer.seal-keeper', OTHER_ISSUER);
    for (const path of ['', '/picture', '/uses'])
      expectProblem(await foreign.get(`/api/v1/seals/${id}${path}`), 404, 'NOT_FOUND');
    for (const act of ['freeze', 'renew']) {
      expectProblem(await storingNothing(web, async () => post(foreign, id, act)), 404, 'NOT_FOUND');
    }
    const idsOf = async (hand: Hand, query = '') =>
      bodyOfAnswer<{ items: { sealId: string }[] }>(await hand.get(`/api/v1/seals?limit=200${query}`)).items.map(
        ({ sealId }) => sealId,
      );
    expect(await idsOf(foreign)).to.deep.equal([]);
    expect(await idsOf(hands.keeper)).to.include(id);
    expect(await idsOf(await web.person('bureau.supervisor'), '&state=applied')).to.include(id);
    expect(await idsOf(hands.officer, '&state=frozen')).to.not.include(id);
    expect(await idsOf(hands.officer, `&organisationCode=${OTHER_ISSUER}`)).to.deep.equal([]);
    expectProblem(await hands.keeper.get(`/api/v1/seals/${id}/picture`), 404, 'FILE_MISSING');
  });
});

describe('a seal in use', () => {
  let web: Web;
  let hands: SealHands;
  let first: string;

  beforeEach(async function () {
    this.timeout(60_000);
    web = await openWeb();
    hands = await sealHands(web);
    first = await firstSeal(web);
  });

  afterEach(() => web.close());

  const reviewed = async () => {
    const id = await submit(web, submission());
    await approve(web, id);
    return id;
  };
  const seal = (hand: Hand, licenceId: string) => async () => hand.post(`/api/v1/licences/${licenceId}/seal`, {});
  const move = async (hand: Hand, act: string, id = first) =>
    sealOf(await hand.post(`/api/v1/seals/${id}/${act}`, why), act === 'renew' ? 201 : 200);
  const usesOf = async (id = first) =>
    bodyOfAnswer<{ items: Record<string, unknown>[] }>(await hands.keeper.get(`/api/v1/seals/${id}/uses`)).items;

  it('seals nothing while frozen, and again when the bureau unfreezes it', async () => {
    const licenceId = await reviewed();
    await move(hands.keeper, 'freeze');
    expectProblem(await storingNothing(web, seal(hands.keeper, licenceId)), 409, 'SEAL_FROZEN');
    const rule = { catalogueCode: ENTRY.code, sources: ['api'], from: '2026-01-01', to: '2026-12-31' };
    const sign = async () => hands.keeper.post('/api/v1/review-rules', rule);
    expectProblem(await storingNothing(web, sign), 409, 'SEAL_FROZEN');
    await move(hands.officer, 'unfreeze');
    expect((await seal(hands.keeper, licenceId)()).status).to.equal(200);
  });

  it('seals nothing once revoked, and cannot be renewed', async () => {
    const licenceId = await reviewed();
    await move(hands.officer, 'revoke');
    expectProblem(await storingNothing(web, seal(hands.keeper, licenceId)), 409, 'SEAL_MISSING');
    const renew = async () => hands.keeper.post(`/api/v1/seals/${first}/renew`, why);
    expectProblem(await storingNothing(web, renew), 409, 'SEAL_MOVE_REFUSED');
  });

  it('seals nothing before and after its validity', async () => {
    const licenceId = await reviewed();
    await web.house.db.rows.seals.update({ validFrom: new Date('2026-03-03T00:00:00Z') }, { where: { id: first } });
    expectProblem(await storingNothing(web, seal(hands.keeper, licenceId)), 409, 'SEAL_EXPIRED');
    const past = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: new Date('2026-03-02T00:00:00Z') };
    await web.house.db.rows.seals.update(past, { where: { id: first } });
    expectProblem(await storingNothing(web, seal(hands.keeper, licenceId)), 409, 'SEAL_EXPIRED');
  });

  it('is renewed: the old one seals until the new one is active, and what it sealed stays valid', async function () {
    this.timeout(60_000);
    const sealed = await seal(hands.keeper, await reviewed())();
    expect(sealed.status).to.equal(200);
    const licence = bodyOfAnswer<{ licenceId: string }>(sealed).licenceId;
    const { sealId: next } = await move(hands.keeper, 'renew');
    const twice = async () => hands.keeper.post(`/api/v1/seals/${first}/renew`, why);
    expectProblem(await storingNothing(web, twice), 409, 'ALREADY_EXISTS');
    expect((await seal(hands.keeper, await reviewed())()).status).to.equal(200);
    expect(await usesOf()).to.have.length(2);
    await move(hands.officer, 'approve', next);
    sealOf(await hands.officer.post(`/api/v1/seals/${next}/make`, {}));
    expect(sealOf(await hands.keeper.get(`/api/v1/seals/${first}`)).state).to.equal('renewed');
    expect((await seal(hands.keeper, await reviewed())()).status).to.equal(200);
    expect([await usesOf(), await usesOf(next)].map(({ length }) => length)).to.deep.equal([2, 1]);
    const clerk = await web.person('issuer.clerk');
    const file = await clerk.get(`/api/v1/licences/${licence}/files/ofd`).buffer(true).parse(readBinary);
    const verified = await clerk
      .post('/api/v1/verifications')
      .type('application/ofd')
      .send(file.body as Buffer);
    expect(bodyOfAnswer(verified).valid, verified.text).to.equal(true);
    expect((await clerk.get(`/api/v1/licences/${licence}/preview`)).status).to.equal(200);
  });

  it('is not superseded by a renewal after it was revoked', async () => {
    const { sealId: next } = await move(hands.keeper, 'renew');
    await move(hands.officer, 'approve', next);
    await move(hands.officer, 'revoke');
    const make = async () => hands.officer.post(`/api/v1/seals/${next}/make`, {});
    expectProblem(await storingNothing(web, make), 409, 'SEAL_MOVE_REFUSED');
  });

  it('leaves a record of each use: who, on whose behalf, with which keys, with what outcome', async () => {
    await seal(hands.keeper, await reviewed())();
    const rule = { catalogueCode: ENTRY.code, sources: ['api'], from: '2026-01-01', to: '2026-12-31' };
    const ruled = await hands.keeper.post('/api/v1/review-rules', rule);
    const { ruleId } = bodyOfAnswer<{ ruleId: string }>(ruled);
    const broken = await reviewed();
    const { sealer } = web.house;
    Object.assign(web.house, { sealer: { ...sealer, seal: () => Promise.reject(new Error('the pen broke')) } });
    await seal(hands.keeper, broken)();
    Object.assign(web.house, { sealer });
    const uses = await usesOf();
    const row = await web.house.db.rows.seals.findByPk(first);
    expect(uses.map(({ subject, outcome }) => [subject, outcome])).to.deep.equal([
      ['licence', 'voided'],
      ['review-rule', 'done'],
      ['licence', 'done'],
    ]);
    expect(uses[1]).to.include({ subjectId: ruleId, onBehalfOf: ISSUER, organisationCode: ISSUER });
    expect(uses[1]?.keyIds).to.deep.equal([row?.sm2KeyId]);
    expect(uses[2]?.keyIds).to.deep.equal([row?.sm2KeyId, row?.rsaKeyId]);
    for (const use of uses) expect(use.endedAt).to.be.a('string');
    const keys = await web.house.db.rows.keys.findAll({ where: { id: [row?.sm2KeyId ?? '', row?.rsaKeyId ?? ''] } });
    expect(keys.map(({ algorithm, uses: counted }) => `${algorithm} ${counted}`)).to.have.members(['SM2 3', 'RSA 2']);
    const intents = await web.house.db.rows.intents.findAll();
    const licences = uses.filter(({ subject }) => subject === 'licence').map(({ subjectId }) => subjectId);
    expect(licences).to.have.members(intents.map(({ id }) => id));
  });

  it('seals nothing beyond the limit of its keys', async () => {
    await seal(hands.keeper, await reviewed())();
    await web.house.db.rows.keys.update({ maxUses: 1 }, { where: { purpose: 'signer' } });
    expectProblem(await storingNothing(web, seal(hands.keeper, await reviewed())), 409, 'KEY_LIMIT_REACHED');
    expect(await usesOf()).to.have.length(1);
  });

  describe('by another body', () => {
    let other: Hand;
    const authorise = (changes: object = {}) =>
      hands.keeper.post(`/api/v1/seals/${first}/users`, {
        ...{ organisationCode: OTHER_ISSUER, from: '2026-03-01', to: '2026-03-31', ...why },
        ...changes,
      });

    beforeEach(async () => {
      other = await web.person('issuer.seal-keeper', OTHER_ISSUER);
    });

    it('is refused unless the issuer has authorised it, and then recorded as on the issuer’s behalf', async () => {
      const licenceId = await reviewed();
      expectProblem(await storingNothing(web, seal(other, licenceId)), 404, 'NOT_FOUND');
      expect((await authorise()).status).to.equal(201);
      const sealed = await seal(other, licenceId)();
      expect(sealed.status, sealed.text).to.equal(200);
      expect((await usesOf())[0]).to.include({ onBehalfOf: ISSUER, organisationCode: OTHER_ISSUER, outcome: 'done' });
      const seen = bodyOfAnswer<{ items: { sealId: string }[] }>(await other.get('/api/v1/seals'));
      expect(seen.items.map(({ sealId }) => sealId)).to.deep.equal([first]);
    });

    it('is refused before, after, for other entries, and when it was withdrawn', async () => {
      const licenceId = await reviewed();
      const refused = async () => expectProblem(await storingNothing(web, seal(other, licenceId)), 404, 'NOT_FOUND');
      expect((await authorise({ from: '2026-03-03' })).status).to.equal(201);
      expect((await authorise({ from: '2026-01-01', to: '2026-03-01' })).status).to.equal(201);
      await refused();
      const clerk = await web.person('issuer.clerk');
      await clerk.post('/api/v1/catalogue', { ...ENTRY, code: `${ISSUER}008` });
      expect((await authorise({ catalogueCodes: [`${ISSUER}008`] })).status).to.equal(201);
      await refused();
      const { userId } = bodyOfAnswer<{ userId: string }>(await authorise({ catalogueCodes: [ENTRY.code] }));
      const withdraw = async () => hands.keeper.post(`/api/v1/seals/${first}/users/${userId}/withdraw`, why);
      expect(bodyOfAnswer(await withdraw()).state).to.equal('withdrawn');
      await refused();
      expectProblem(await storingNothing(web, withdraw), 409, 'STATE_CONFLICT');
    });

    it('is authorised only by the issuer, for bodies and entries that are there, in the right order of days', async () => {
      const path = `/api/v1/seals/${first}/users`;
      const self = { organisationCode: OTHER_ISSUER, from: '2026-03-01', to: '2026-03-31', ...why };
      expectProblem(await storingNothing(web, async () => other.post(path, self)), 404, 'NOT_FOUND');
      const wrong = async () =>
        authorise({ organisationCode: 'X'.repeat(18), to: '2026-02-01', catalogueCodes: [`${OTHER_ISSUER}001`] });
      expectProblem(await storingNothing(web, wrong), 400, 'REQUEST_INVALID', [
        '/organisationCode NOT_FOUND',
        '/to VALIDITY_BACKWARDS',
        '/catalogueCodes/0 CATALOGUE_UNKNOWN',
      ]);
      await move(hands.officer, 'revoke');
      expectProblem(await storingNothing(web, async () => authorise()), 409, 'SEAL_MOVE_REFUSED');
    });
  });
});
