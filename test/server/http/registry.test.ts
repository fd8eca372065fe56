import { expect } from 'chai';
import { connectRegistry } from '../../../exchange/registry/ask-registry.ts';
import type { House } from '../../../models/house.ts';
import type { LicenceView } from '../../../models/licence/index.ts';
import { type RegistryProcess, startRegistry } from '../../exchange/registry/registry-process.ts';
import { COMPANY, ENTRY } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { approve, submit } from './issue.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, type Web } from './web.ts';

describe('a licence whose holder is compared with the registry', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let web: Web;
  let registry: RegistryProcess;
  let keeper: Hand;
  const right = { numberType: '001', number: COMPANY, name: '样例建设有限公司' };

  before(async () => {
    registry = await startRegistry(folder.path);
    web = await openWeb();
    const { clock, random } = web.house;
    const { compare } = connectRegistry({ url: registry.url, token: registry.token, clock, random });
    const port: Pick<House, 'compareWithRegistry'> = { compareWithRegistry: compare };
    Object.assign(web.house, port);
    const clerk = await web.person('issuer.clerk');
    const saved = await clerk.post('/api/v1/catalogue', { ...ENTRY, registryComparison: true });
    expect(saved.status, saved.text).to.equal(201);
    keeper = await web.person('issuer.seal-keeper');
  });
  after(async () => {
    await registry.stop();
    await web.close();
    folder.remove();
  });

  it('meets a flag that is a yes or a no', async () => {
    const clerk = await web.person('issuer.clerk');
    const answer = await clerk.post('/api/v1/catalogue', { ...ENTRY, registryComparison: 'yes' });
    expectProblem(answer, 400, 'REQUEST_INVALID', ['/registryComparison FIELD_TYPE']);
  });

  it('is answered 409 with the differing place, 503 while the registry is down, and 200 with the comparison', async () => {
    const id = await submit(web);
    await approve(web, id);
    const seal = () => keeper.post(`/api/v1/licences/${id}/seal`, {});
    registry.hold('legal-person', { ...right, name: '另一名称' });
    expectProblem(await seal(), 409, 'REGISTRY_MISMATCH', ['/holders/0/name REGISTRY_MISMATCH']);
    registry.hold('legal-person', right);
    await registry.fail('down');
    expectProblem(await seal(), 503, 'REGISTRY_UNAVAILABLE');
    await registry.fail('none');
    web.house.time.advance({ seconds: 10 });
    const sealed = await seal();
    expect(sealed.status, sealed.text).to.equal(200);
    const { state, registryComparisons } = bodyOfAnswer<LicenceView>(sealed);
    expect(state).to.equal('issued');
    expect(registryComparisons.map(({ registry: name, outcome }) => [name, outcome])).to.deep.equal([
      ['legal-person', 'match'],
    ]);
  });
});
