import { expect } from 'chai';
import type { LicenceView } from '../../../models/licence/index.ts';
import { approve } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { bodyOfAnswer, expectProblem } from './web.ts';

describe('a newer version of a licence over HTTP', () => {
  let world: SharingWorld;
  let version: LicenceView;
  let issuedAt: string;

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const { house } = world.web;
    issuedAt = house.clock().toISOString();
    house.time.advance({ hours: 1 });
    const clerk = await world.web.person('issuer.clerk');
    const keeper = await world.web.person('issuer.seal-keeper');
    const path = `/api/v1/licences/${world.personal.licenceId}/successions`;
    const request = { act: 'replace', legalBasis: '规定第十条', reason: '遗失补办' };
    const submitted = await clerk.post(path, request);
    expect(submitted.status, submitted.text).to.equal(201);
    expectProblem(await clerk.post(path, request), 409, 'SUCCESSION_OPEN', ['/succeeds/identifier SUCCESSION_OPEN']);
    const { licenceId } = bodyOfAnswer<{ licenceId: string }>(submitted);
    await approve(world.web, licenceId);
    version = bodyOfAnswer<LicenceView>(await keeper.post(`/api/v1/licences/${licenceId}/seal`, {}));
  });

  after(() => world.web.close());

  it('is told of on the check page of the former, and nobody’s name with it', async () => {
    const check = async (code: string | null, type: string) => world.web.nobody.get(`/v/${code}`).set('Accept', type);
    const { verificationCode } = world.personal;
    expect((await check(verificationCode, 'application/json')).body).to.include({
      status: 'voided',
      newerVersion: true,
    });
    const page = await check(verificationCode, 'text/html');
    expect(page.text).to.include('作废').and.include('已签发新版本').and.not.include(version.identifier);
    expect((await check(version.verificationCode, 'application/json')).body).to.include({
      ...{ status: 'valid', newerVersion: false, identifier: version.identifier },
    });
  });

  it('is told of to consumers, now and as it was before', async () => {
    const useCode = await world.openUse({ holder: { type: 'natural', number: '990101199001010019' } });
    const { identifier } = world.personal;
    const ask = async (more: object = {}) =>
      world.window.post('/api/v1/sharing/status', { useCode, identifier, ...more });
    expect((await ask()).body).to.include({ status: 'voided', newerVersion: true });
    expect((await ask({ asOf: issuedAt })).body).to.include({ status: 'valid', asOf: issuedAt });
    expectProblem(await ask({ asOf: '2026-03-01T00:00:00Z' }), 400, 'AS_OF_OUTSIDE');
    expectProblem(await ask({ asOf: '2026-02-30T00:00:00Z' }), 400, 'REQUEST_INVALID', ['/asOf DATE_IMPOSSIBLE']);
  });

  it('is told of to whoever has the former’s file, and both changes stand in the feed', async () => {
    const clerk = await world.web.person('issuer.clerk');
    const path = `/api/v1/licences/${world.personal.licenceId}`;
    const { body } = await clerk.get(`${path}/files/ofd`).buffer(true).parse(readBinary);
    const judged = await clerk
      .post('/api/v1/verifications')
      .type('application/octet-stream')
      .send(body as Buffer);
    expect(judged.body).to.include({ valid: false, newerVersion: true, identifier: world.personal.identifier });
    const { items } = bodyOfAnswer<{ items: { identifier: string; act: string; status: string }[] }>(
      await clerk.get('/api/v1/changes?limit=1000'),
    );
    const told = items.slice(-2).map(({ identifier, act, status }) => `${identifier} ${act} ${status}`);
    expect(told).to.have.members([`${world.personal.identifier} replace voided`, `${version.identifier} issue valid`]);
    const asOf = bodyOfAnswer(await clerk.get(`${path}/as-of?at=${issuedAt}`));
    expect(asOf).to.deep.include({ status: 'valid', succeededBy: null });
  });
});
