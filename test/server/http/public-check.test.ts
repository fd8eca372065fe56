import { expect } from 'chai';
import { CITIZEN, COMPANY } from '../../world/sample-entry.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { bodyOfAnswer, expectProblem } from './web.ts';

describe('the public check page', () => {
  let world: SharingWorld;
  const check = (code: string | null, type: string) => world.web.nobody.get(`/v/${code}`).set('Accept', type);

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
  });

  after(() => world.web.close());

  it('tells status and face facts as a page and as JSON, to anybody', async () => {
    const { verificationCode, licenceNumber, identifier } = world.licence;
    const page = await check(verificationCode, 'text/html');
    expect(page.status).to.equal(200);
    expect(page.text).to.include('有效').and.include(licenceNumber).and.include('样例建设有限公司');
    const json = await check(verificationCode, 'application/json');
    expect(json.body).to.include({ status: 'valid', statusWords: '有效', identifier, holderName: '样例建设有限公司' });
    expect(json.get('Cache-Control')).to.equal('no-store');
  });

  it('masks the name of a natural person, and shows no number and no field', async () => {
    for (const type of ['text/html', 'application/json']) {
      const { text } = await check(world.personal.verificationCode, type);
      expect(text).to.include('欧**').and.not.include('欧阳三').and.not.include(CITIZEN).and.not.include(COMPANY);
      expect(text).to.not.include(CITIZEN.slice(-6)).and.not.include('样例花园');
    }
  });

  it('answers the address that the QR code carries, with the identifier', async () => {
    const { verificationCode, identifier } = world.licence;
    const good = await world.web.nobody.get(`/v/${verificationCode}?i=${identifier}`).set('Accept', 'application/json');
    expect(good.status).to.equal(200);
    const other = await world.web.nobody
      .get(`/v/${verificationCode}?i=${world.outside.identifier}`)
      .set('Accept', 'application/json');
    expectProblem(other, 404, 'NOT_FOUND');
  });

  it('does not find a code that is none, as a page or as JSON, whatever is tried', async () => {
    for (const code of ['NOSUCHCODE', "'%20OR%201=1", '%00', 'x'.repeat(500), '..%2F..%2Fetc']) {
      const page = await check(code, 'text/html');
      expect(page.status).to.equal(404);
      expect(page.text).to.include('未找到');
      expectProblem(await check(code, 'application/json'), 404, 'NOT_FOUND');
    }
  });

  it('says plainly when the licence is no longer valid', async () => {
    const clerk = await world.web.person('issuer.clerk');
    const { licenceId, verificationCode } = world.outside;
    await clerk.post(`/api/v1/licences/${licenceId}/status`, { act: 'revoke', legalBasis: '决定书', reason: '吊销' });
    const page = await check(verificationCode, 'text/html');
    expect(page.text).to.include('吊销').and.not.include('当前有效。').and.not.include('决定书');
    world.web.house.time.set('2031-03-01T16:00:00Z');
    expect(bodyOfAnswer(await check(world.licence.verificationCode, 'application/json')).status).to.equal('expired');
  });

  it('opens from the form, where a code may be typed in small letters', async () => {
    const code = world.licence.verificationCode ?? '';
    const response = await world.web.nobody.get(`/check?code=%20${code.toLowerCase()}%20`);
    expect([response.status, response.get('Location')]).to.deep.equal([303, `/v/${code}`]);
  });
});
