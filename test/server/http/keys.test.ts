import { expect } from 'chai';
import type { KeyView } from '../../../models/seal/index.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { approve, submit } from './issue.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, storingNothing, type Web } from './web.ts';

describe('keys over HTTP', () => {
  let web: Web;
  let security: Hand;
  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    security = await web.person('admin.security');
  });
  after(() => web.close());

  const list = async () => bodyOfAnswer<{ items: readonly KeyView[] }>(await security.get('/api/v1/keys')).items;
  const signer = async () =>
    (await list()).find(({ organisationCode, algorithm }) => organisationCode === ISSUER && algorithm === 'SM2') ??
    expect.fail();

  it('are listed with what was done with them, and never themselves', async () => {
    const keys = await list();
    expect(keys.map(({ purpose }) => purpose)).to.include.members(['root', 'issuing', 'repository', 'signer']);
    const text = JSON.stringify(keys);
    for (const { encryptedPkcs8 } of await web.house.db.rows.keys.findAll()) {
      const [, line = ''] = encryptedPkcs8.split('\n');
      expect(line).to.have.length(64);
      expect(text).to.not.contain(line);
    }
  });

  it('are limited; what is left out stays, null takes a limit away', async () => {
    const { keyId, uses } = await signer();
    const limit = async (body: object) => security.post(`/api/v1/keys/${keyId}/limits`, body);
    const until = '2027-01-01T00:00:00.000Z';
    const first = await limit({ maxUses: uses, notAfterUse: until });
    expect(first.status, first.text).to.equal(200);
    expect(await signer()).to.include({ maxUses: uses, notAfterUse: until, state: 'active' });
    const licenceId = await submit(web);
    await approve(web, licenceId);
    const keeper = await web.person('issuer.seal-keeper');
    const seal = async () => keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
    expectProblem(await storingNothing(web, seal), 409, 'KEY_LIMIT_REACHED');
    await limit({ maxUses: null });
    expect(await signer()).to.include({ maxUses: null, notAfterUse: until });
    await limit({ state: 'disabled' });
    expectProblem(await storingNothing(web, seal), 409, 'KEY_LIMIT_REACHED');
    await limit({ state: 'active', notAfterUse: null });
    expect((await seal()).status).to.equal(200);
    expect(await signer()).to.include({ uses: uses + 1, notAfterUse: null });
  });

  it('are limited by what is a limit, and only if they are there', async () => {
    const { keyId } = await signer();
    const limit = (id: string, body: object) => async () => security.post(`/api/v1/keys/${id}/limits`, body);
    for (const body of [
      { maxUses: -1 },
      { maxUses: 1.5 },
      { notAfterUse: 'tomorrow' },
      { notAfterUse: 0 },
      { uses: 0 },
    ])
      expect((await storingNothing(web, limit(keyId, body))).status, JSON.stringify(body)).to.equal(400);
    expectProblem(await storingNothing(web, limit('nobody', { maxUses: 1 })), 404, 'NOT_FOUND');
  });
});
