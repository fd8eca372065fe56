import { expect } from 'chai';
import { logIn } from '../../../models/account/log-in.ts';
import { saveUser } from '../../../models/account/save-user.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { ISSUER, openFurnishedHouse } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';

const PASSWORD = 'Rosa-Canina-1753';

eachDatabase('signing in', (openDatabase) => {
  let house: TestHouse;
  const nobody = () => ({ ...callerWith([]), type: 'public' as const });
  const attempt = (password: string) => logIn(house, nobody(), { name: 'chen', password });

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    const user = { loginName: 'chen', displayName: '陈', password: PASSWORD, organisationCode: ISSUER };
    await saveUser(house, callerWith(['admin.security']), { ...user, roles: ['issuer.clerk'] });
  });

  after(() => house.close());

  it('is locked by many failures at once, and a right password among them does not open it', async function () {
    this.timeout(60_000);
    const wrong = Array.from({ length: 30 }, () => faultOf(attempt('wrong')));
    const right = attempt(PASSWORD).catch(() => undefined);
    const codes = (await Promise.all(wrong)).map(({ code }) => code);
    await right;
    expect(codes.filter((code) => code === 'LOGIN_LOCKED').length).to.be.greaterThanOrEqual(21);
    expect((await faultOf(attempt(PASSWORD))).code).to.equal('LOGIN_LOCKED');
    const entries = await house.db.rows.auditEntries.count({ where: { act: 'account.login', outcome: 'refused' } });
    expect(entries).to.be.greaterThanOrEqual(31);
  });

  it('opens again when the time is up', async () => {
    house.time.advance({ minutes: 15 });
    expect((await attempt(PASSWORD)).user.loginName).to.equal('chen');
  });
});
