import { expect } from 'chai';
import { findDueLists, keepList, noteFailedTry } from '../../../models/revocation/keep-list.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { openWeb, type Web } from './web.ts';

describe('the numbers for the operator’s monitor', function () {
  this.timeout(60_000);
  let web: Web;
  before(async () => {
    web = await openWeb();
  });
  after(() => web.close());

  const figure = async (name: string) => {
    const { text } = await web.nobody.get('/metrics');
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };

  it('count seals by their state', async () => {
    const { seals } = web.house.db.rows;
    const active = await seals.count({ where: { state: 'active' } });
    expect(active).to.be.greaterThan(0);
    expect(await figure('zhengku_seals{state="active"}')).to.equal(active);
    expect(await figure('zhengku_seals{state="frozen"}')).to.equal(0);
    await seals.update({ state: 'frozen' }, { where: { organisationCode: ISSUER } });
    expect(await figure('zhengku_seals{state="frozen"}')).to.be.greaterThan(0);
  });

  it('say how near the keys are to their limits', async () => {
    const { keys } = web.house.db.rows;
    expect(await figure('zhengku_key_uses_ratio_max')).to.equal(0);
    const [one, other] = await keys.findAll({ where: { purpose: 'signer' } });
    await one?.update({ uses: 3, maxUses: 4 });
    await other?.update({ uses: 1, maxUses: 100 });
    expect(await figure('zhengku_key_uses_ratio_max')).to.equal(0.75);
    await other?.update({ maxUses: 0 });
    expect(await figure('zhengku_key_uses_ratio_max')).to.equal(1);
    await other?.update({ state: 'disabled' });
    expect(await figure('zhengku_key_uses_ratio_max')).to.equal(0.75);
    expect(await figure('zhengku_keys_ending')).to.equal(0);
    await one?.update({ notAfterUse: new Date(web.house.clock().getTime() + 29 * 86_400_000) });
    expect(await figure('zhengku_keys_ending')).to.equal(1);
  });

  it('count what the province refused, and no state of messages that no longer exists', async () => {
    expect(await figure('zhengku_province_refused')).to.equal(0);
    expect(await figure('zhengku_outbox_failed')).to.equal(undefined);
  });

  it('say how old the revocation lists are', async () => {
    const now = web.house.clock();
    const urls = ['a', 'b', 'c'].map((name) => `http://crl.example/${name}`);
    const [a, b, c] = await findDueLists(web.house, urls);
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
    const list = (age: number, nextUpdate: Date) => ({
      ...{ der: new Uint8Array([1]), issuer: 'x', thisUpdate: ago(age), nextUpdate },
    });
    await keepList(web.house, a?.id ?? '', list(60, ago(-60)), now);
    await keepList(web.house, b?.id ?? '', list(7200, ago(3600)), now);
    await noteFailedTry(web.house, c?.id ?? '', 'TIMEOUT', now);
    expect(await figure('zhengku_revocation_list_age_seconds_max')).to.equal(7200);
    expect(await figure('zhengku_revocation_lists_stale')).to.equal(1);
    expect(await figure('zhengku_revocation_lists_missing')).to.equal(1);
  });
});
