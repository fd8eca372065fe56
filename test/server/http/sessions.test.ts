import { expect } from 'chai';
import request, { type Test } from 'supertest';
import { makeApp } from '../../../server/http/app.ts';
import { ISSUER, SUBMISSION } from '../../world/sample-entry.ts';
import { submission } from './issue.ts';
import {
  addUser,
  bodyOfAnswer,
  expectProblem,
  makeHand,
  openWeb,
  PASSWORD,
  signIn,
  storingNothing,
  type Web,
} from './web.ts';

describe('sessions of people', () => {
  let web: Web;
  const login = (name: string, password: string) => request(web.app).post('/api/v1/session').send({ name, password });

  before(async () => {
    web = await openWeb();
    await addUser(web.house, { loginName: 'chen', roles: ['issuer.clerk'], organisationCode: ISSUER });
  });

  after(() => web.close());

  it('open with a cookie that scripts cannot read and other sites cannot send, over HTTPS only', async () => {
    const response = await login('chen', PASSWORD);
    expect(response.status).to.equal(201);
    const [cookie = ''] = response.get('Set-Cookie') ?? [];
    expect(cookie).to.match(/^zk_session=[0-9A-Z]{51};/);
    for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) expect(cookie).to.include(flag);
  });

  it('never tell their token in the answer, nor keep it in clear', async () => {
    const response = await login('chen', PASSWORD);
    const token = /zk_session=(\w+)/.exec(String(response.get('Set-Cookie')))?.[1] ?? '';
    expect(response.text).to.not.include(token);
    const rows = await web.house.db.rows.sessions.findAll();
    expect(JSON.stringify(rows)).to.not.include(token);
  });

  it('leave out the Secure flag only where the service itself is plain HTTP', async () => {
    const house = { ...web.house, publicUrl: 'http://127.0.0.1:8460' };
    const app = makeApp(house, { ratePerMinute: 100, accountsFile: '' });
    const response = await request(app).post('/api/v1/session').send({ name: 'chen', password: PASSWORD });
    expect(String(response.get('Set-Cookie')))
      .to.include('HttpOnly')
      .and.not.include('Secure');
  });

  it('say who is signed in', async () => {
    const chen = await signIn(web.app, 'chen');
    const who = bodyOfAnswer(await chen.get('/api/v1/session'));
    expect(who).to.include({ type: 'person', name: 'chen', organisationCode: ISSUER });
    expect(who.roles).to.deep.equal(['issuer.clerk']);
  });

  it('demand their own CSRF token for every write', async () => {
    const opened = await login('chen', PASSWORD);
    const cookie = String(opened.get('Set-Cookie')?.[0]).split(';')[0] ?? '';
    const write = () => request(web.app).post('/api/v1/licences').set('Cookie', cookie);
    for (const token of [undefined, '', 'WRONG', (bodyOfAnswer(opened).csrfToken as string).toLowerCase()]) {
      const call = write();
      if (token !== undefined) call.set('X-CSRF-Token', token);
      expectProblem(await storingNothing(web, async () => call.send(SUBMISSION)), 403, 'CSRF_REJECTED');
    }
    const read = await request(web.app).get('/api/v1/licences').set('Cookie', cookie);
    expect(read.status).to.equal(200);
    const right = write().set('X-CSRF-Token', String(bodyOfAnswer(opened).csrfToken));
    expect((await right.send(submission())).status).to.equal(201);
  });

  it('do not open with a wrong password or an unknown name, and the two look alike', async () => {
    const wrong = expectProblem(await storingNothing(web, async () => login('chen', 'wrong')), 401, 'LOGIN_FAILED');
    const unknown = expectProblem(await storingNothing(web, async () => login('nobody', 'x')), 401, 'LOGIN_FAILED');
    expect({ ...wrong, requestId: '' }).to.deep.equal({ ...unknown, requestId: '' });
  });

  it('are locked for 15 minutes after five failures, even for the right password', async () => {
    await addUser(web.house, { loginName: 'lock', roles: ['issuer.clerk'], organisationCode: ISSUER });
    for (let failure = 1; failure <= 5; failure += 1) expectProblem(await login('lock', 'wrong'), 401, 'LOGIN_FAILED');
    const locked = await login('lock', PASSWORD);
    expectProblem(locked, 429, 'LOGIN_LOCKED');
    expect(locked.get('Retry-After')).to.match(/^\d+$/);
    web.house.time.advance({ minutes: 14 });
    expectProblem(await login('lock', PASSWORD), 429, 'LOGIN_LOCKED');
    web.house.time.advance({ minutes: 2 });
    expect((await login('lock', PASSWORD)).status).to.equal(201);
  });

  it('are locked under an unknown name after as many failures, with the same answers', async () => {
    const answers = async (name: string) => {
      const codes: unknown[] = [];
      for (let failure = 1; failure <= 7; failure += 1) {
        const { status, body, text } = await login(name, 'wrong');
        codes.push([status, (JSON.parse(text || JSON.stringify(body)) as { code: string }).code]);
      }
      return codes;
    };
    await addUser(web.house, { loginName: 'known', roles: ['issuer.clerk'], organisationCode: ISSUER });
    const known = await answers('known');
    expect(known.slice(4)).to.deep.equal([
      [401, 'LOGIN_FAILED'],
      [429, 'LOGIN_LOCKED'],
      [429, 'LOGIN_LOCKED'],
    ]);
    expect(await answers('unknown')).to.deep.equal(known);
    web.house.time.advance({ minutes: 15 });
    for (const name of ['known', 'unknown']) expectProblem(await login(name, 'wrong'), 401, 'LOGIN_FAILED');
  });

  it('begin the count of failures anew after a success', async () => {
    await addUser(web.house, { loginName: 'count', roles: ['issuer.clerk'], organisationCode: ISSUER });
    for (let round = 1; round <= 2; round += 1) {
      for (let failure = 1; failure <= 4; failure += 1) expectProblem(await login('count', 'no'), 401, 'LOGIN_FAILED');
      expect((await login('count', PASSWORD)).status).to.equal(201);
    }
  });

  it('end after eight hours', async () => {
    const chen = await signIn(web.app, 'chen');
    web.house.time.advance({ hours: 7, minutes: 59 });
    expect((await chen.get('/api/v1/session')).status).to.equal(200);
    web.house.time.advance({ minutes: 2 });
    expectProblem(await chen.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    expectProblem(await chen.post('/api/v1/licences', SUBMISSION), 401, 'UNAUTHENTICATED');
  });

  it('end at once when the account is disabled', async () => {
    const user = await addUser(web.house, { loginName: 'gone', roles: ['issuer.clerk'], organisationCode: ISSUER });
    const gone = await signIn(web.app, 'gone');
    await web.house.db.rows.users.update({ state: 'disabled' }, { where: { id: user.id } });
    expectProblem(await gone.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    expectProblem(await login('gone', PASSWORD), 401, 'LOGIN_FAILED');
  });

  it('end by signing out, which is logged', async () => {
    const chen = await signIn(web.app, 'chen');
    const response = await chen.delete('/api/v1/session');
    expect(response.status).to.equal(200);
    expect(String(response.get('Set-Cookie'))).to.match(/zk_session=;.*Expires=Thu, 01 Jan 1970/);
    expectProblem(await chen.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    const newest = await web.house.db.rows.auditEntries.findAll({ order: [['seq', 'DESC']], limit: 2 });
    expect(newest.map(({ act }) => act)).to.deep.equal(['call.fault', 'account.logout']);
  });

  it('can be opened only so many times a minute from one address, whichever way', async () => {
    const app = makeApp(web.house, { ratePerMinute: 3, accountsFile: '' });
    const attempt = () => request(app).post('/api/v1/session').send({ name: 'chen', password: PASSWORD });
    for (let call = 1; call <= 3; call += 1) expect((await attempt()).status).to.equal(201);
    const limited = await attempt();
    expectProblem(limited, 429, 'RATE_LIMITED');
    expect(limited.get('Retry-After')).to.equal('60');
    expectProblem(await request(app).post('/oauth/token').send({}), 429, 'RATE_LIMITED');
    for (const page of ['/login', '/LOGIN', '/login/']) {
      const sent = await request(app).post(page).type('form').send({ name: 'chen', password: PASSWORD });
      expect(sent.status, page).to.equal(429);
    }
    expect((await request(app).get('/login')).status).to.equal(200);
  });

  it('are not narrowed when they only ask who is signed in: each caller has a limit of its own', async () => {
    const app = makeApp(web.house, { ratePerMinute: 4, accountsFile: '' });
    const [chen, lock] = [await signIn(app, 'chen'), await signIn(app, 'count')];
    for (let call = 1; call <= 4; call += 1) expect((await chen.get('/api/v1/session')).status).to.equal(200);
    expectProblem(await chen.get('/api/v1/session'), 429, 'RATE_LIMITED');
    expectProblem(await (await signIn(app, 'chen')).get('/api/v1/session'), 429, 'RATE_LIMITED');
    expect((await lock.get('/api/v1/session')).status).to.equal(200);
    const stranger = () => request(app).get('/api/v1/session').set('Authorization', 'Bearer INVENTED000000');
    for (let call = 1; call <= 4; call += 1) expectProblem(await stranger(), 401, 'UNAUTHENTICATED');
    expectProblem(await stranger(), 429, 'RATE_LIMITED');
    expect((await lock.get('/api/v1/session')).status).to.equal(200);
  });

  it('leave one entry in the access log for each write refused at the door', async () => {
    const chen = await signIn(web.app, 'chen');
    const foul = makeHand(web.app, { ...chen.headers, 'X-CSRF-Token': 'WRONG' });
    const nobody = () => request(web.app);
    const calls: readonly (readonly [() => Test, number, string])[] = [
      [() => foul.post('/api/v1/licences', SUBMISSION), 403, 'call.fault'],
      [() => foul.delete('/api/v1/session'), 403, 'call.fault'],
      [() => foul.post('/fill/NOSUCH').type('form').send({}), 403, 'call.fault'],
      [() => nobody().post('/api/v1/licences').send(SUBMISSION), 401, 'call.fault'],
      [() => nobody().post('/api/v1/licences').set('Authorization', 'Bearer INVENTED0000'), 401, 'call.fault'],
      [() => nobody().post('/fill/NOSUCH').type('form').send({}), 401, 'call.fault'],
      [() => nobody().post('/api/v1/session').send({ name: 'chen' }), 400, 'call.fault'],
      [() => nobody().post('/api/v1/session').send({ name: 'chen', password: 'no' }), 401, 'account.login'],
      [() => nobody().post('/oauth/token').send({ grant_type: 'x' }), 400, 'call.fault'],
      [() => nobody().post('/login').type('form').send({ name: 'chen' }), 401, 'call.fault'],
      [() => nobody().post('/login').type('form').send({ name: 'chen', password: 'no' }), 401, 'account.login'],
    ];
    const { auditEntries, users } = web.house.db.rows;
    const { id } = (await users.findOne({ where: { loginName: 'chen' } })) ?? {};
    for (const [index, [call, status, act]] of calls.entries()) {
      const before = await auditEntries.count();
      const response = await call();
      expect(response.status, `${index} ${response.text}`).to.equal(status);
      expect((await auditEntries.count()) - before, String(index)).to.equal(1);
      const newest = await auditEntries.findOne({ order: [['seq', 'DESC']] });
      expect(newest).to.include({ act, requestId: response.get('X-Request-Id') });
      expect(newest?.actorId, String(index)).to.equal(status === 403 ? id : 'public');
    }
  });
});
