import { expect } from 'chai';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { bodyOfAnswer, expectProblem } from './web.ts';

/** The clock stands still throughout: nothing of what is planned has been written down. */
describe('a planned revocation whose time has come, read before the clock came by', () => {
  let world: SharingWorld;
  let effectiveAt: string;

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const reviewer = await world.web.person('issuer.reviewer');
    effectiveAt = minutesFromNow(5);
    const plan = { act: 'revoke', legalBasis: '行政许可法第六十九条', reason: '处罚', effectiveAt };
    const planned = await reviewer.post(`/api/v1/licences/${world.licence.licenceId}/status`, plan);
    expect(planned.body).to.include({ status: 'valid' });
  });

  after(() => world.web.close());

  const minutesFromNow = (minutes: number) =>
    new Date(world.web.house.clock().getTime() + minutes * 60_000).toISOString();
  const toldConsumers = async () => {
    const useCode = await world.openUse();
    const { identifier } = world.licence;
    const status = await world.window.post('/api/v1/sharing/status', { useCode, identifier });
    const list = await world.window.post('/api/v1/sharing/list', { useCode });
    const [first] = bodyOfAnswer<{ items: { status: string }[] }>(list).items;
    return [bodyOfAnswer<{ status: string }>(status).status, first?.status];
  };
  const toldPublic = async () => {
    const clerk = await world.web.person('issuer.clerk');
    const check = await world.web.nobody.get(`/v/${world.licence.verificationCode}`).set('Accept', 'application/json');
    const path = `/api/v1/licences/${world.licence.licenceId}`;
    const file = await clerk.get(`${path}/files/ofd`).buffer(true).parse(readBinary);
    const upload = clerk.post('/api/v1/verifications').type('application/octet-stream');
    const judged = bodyOfAnswer<{ valid: boolean }>(await upload.send(file.body as Buffer));
    return [bodyOfAnswer<{ status: string }>(check).status, judged.valid];
  };

  it('is in force before its time, and ended for every reader afterwards', async function () {
    this.timeout(20_000);
    expect([await toldConsumers(), await toldPublic()]).to.deep.equal([
      ['valid', 'valid'],
      ['valid', true],
    ]);
    world.web.house.time.advance({ minutes: 15 });
    expect([await toldConsumers(), await toldPublic()]).to.deep.equal([
      ['revoked', 'revoked'],
      ['revoked', false],
    ]);
    const row = await world.web.house.db.rows.licences.findByPk(world.licence.licenceId);
    expect(row?.status).to.equal('valid');
  });

  it('has no more copies and prints; its preview is marked, and its department sees it so', async function () {
    this.timeout(20_000);
    const { licenceId, identifier } = world.licence;
    const clerk = await world.web.person('issuer.clerk');
    const within = { useCode: await world.openUse(), identifier };
    expectProblem(await world.window.post('/api/v1/sharing/copy', within), 409, 'STATE_CONFLICT');
    expectProblem(await clerk.post(`/api/v1/licences/${licenceId}/prints`, { purpose: '存档' }), 409, 'STATE_CONFLICT');
    await world.window.post('/api/v1/sharing/preview', within);
    const drawn = await world.web.house.db.rows.previews.findAll();
    expect(drawn.map(({ id }) => id)).to.deep.equal([`${licenceId}:0:revoked`]);
    const path = `/api/v1/licences/${licenceId}`;
    expect((await clerk.get(path)).body).to.include({ status: 'revoked' });
    const { items } = bodyOfAnswer<{ items: { licenceId: string; status: string }[] }>(
      await clerk.get('/api/v1/licences'),
    );
    expect(items.find((item) => item.licenceId === licenceId)?.status).to.equal('revoked');
    const asOf = async (at: string) => bodyOfAnswer<{ status: string }>(await clerk.get(`${path}/as-of?at=${at}`));
    expect((await asOf(minutesFromNow(-11))).status).to.equal('valid');
    expect((await asOf(effectiveAt)).status).to.equal('revoked');
  });
});
