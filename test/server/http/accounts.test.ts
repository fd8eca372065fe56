import { expect } from 'chai';
import request from 'supertest';
import type { Role } from '../../../models/account/roles.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import {
  addSystem,
  addUser,
  bodyOfAnswer,
  expectProblem,
  type Hand,
  makeHand,
  openWeb,
  PASSWORD,
  signIn,
  storingNothing,
  type Web,
} from './web.ts';

describe('accounts', () => {
  let web: Web;
  let security: Hand;
  let count = 0;
  const login = (name: string, password: string) => request(web.app).post('/api/v1/session').send({ name, password });
  const open = async (...roles: readonly Role[]) => {
    count += 1;
    const loginName = `person${count}`;
    const { id } = await addUser(web.house, { loginName, roles: [...roles], organisationCode: ISSUER });
    return { loginName, path: `/api/v1/users/${id}`, id, hand: await signIn(web.app, loginName) };
  };

  before(async () => {
    web = await openWeb();
    security = await web.person('admin.security');
  });

  after(() => web.close());

  it('are disabled at once, their sessions ended, and are enabled again', async () => {
    const { loginName, path, hand } = await open('issuer.clerk');
    const answer = await security.post(path, { state: 'disabled' });
    expect(bodyOfAnswer(answer)).to.include({ loginName, state: 'disabled' });
    expectProblem(await hand.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    expectProblem(await login(loginName, PASSWORD), 401, 'LOGIN_FAILED');
    expect(bodyOfAnswer(await security.post(path, { state: 'active' }))).to.include({ state: 'active' });
    expectProblem(await hand.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    expect((await login(loginName, PASSWORD)).status).to.equal(201);
  });

  it('get other roles at once', async () => {
    const { path, hand } = await open('issuer.clerk');
    expect((await hand.get('/api/v1/licences')).status).to.equal(200);
    expect((await security.post(path, { roles: ['bureau.officer'] })).status).to.equal(200);
    expectProblem(await hand.get('/api/v1/licences'), 403, 'FORBIDDEN');
    expect((await hand.get('/api/v1/exchange/status')).status).to.equal(200);
  });

  it('get a new password: the old one and the sessions end', async () => {
    const { loginName, path, hand } = await open('issuer.clerk');
    const password = 'Rosa-Gallica-1753';
    expectProblem(await security.post(path, { password: 'short' }), 400, 'REQUEST_INVALID', [
      '/password FIELD_PATTERN',
      '/password FIELD_PATTERN',
    ]);
    expect((await security.post(path, { password })).status).to.equal(200);
    expectProblem(await hand.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    expectProblem(await login(loginName, PASSWORD), 401, 'LOGIN_FAILED');
    expect((await login(loginName, password)).status).to.equal(201);
  });

  it('log each change without a name or a password', async () => {
    const { id, path } = await open('issuer.clerk');
    await security.post(path, { displayName: '欧阳改名', password: 'Rosa-Gallica-1753', roles: ['issuer.reviewer'] });
    const entry = await web.house.db.rows.auditEntries.findOne({ order: [['seq', 'DESC']] });
    expect(entry).to.include({ act: 'account.manage', outcome: 'done' });
    expect(entry?.details).to.deep.equal({ userId: id, roles: ['issuer.reviewer'], renamed: true, password: 'new' });
  });

  it('hold roles of one kind only', async () => {
    const { path } = await open('issuer.clerk');
    const together: readonly (readonly Role[])[] = [
      ['issuer.clerk', 'consumer.window'],
      ['issuer.clerk', 'bureau.officer'],
      ['consumer.window', 'holder'],
      ['bureau.supervisor', 'holder'],
      ['issuer.clerk', 'admin.system'],
      ['admin.system', 'admin.audit'],
      ['auditor', 'admin.audit'],
    ];
    for (const roles of together) {
      const person = { loginName: 'twofold', displayName: '双', password: PASSWORD, organisationCode: ISSUER, roles };
      for (const call of [() => security.post(path, { roles }), () => security.post('/api/v1/users', person)]) {
        expectProblem(await storingNothing(web, async () => call()), 403, 'FORBIDDEN', ['/roles FORBIDDEN']);
      }
    }
    const alike: readonly (readonly Role[])[] = [
      ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'],
      ['consumer.window', 'consumer.approver'],
      ['bureau.officer', 'bureau.supervisor'],
    ];
    for (const roles of alike) expect((await security.post(path, { roles })).status).to.equal(200);
  });

  it('of holders name a holder there is', async () => {
    const person = { loginName: 'ghost', displayName: '无', password: PASSWORD, roles: ['holder'], holderId: 'NOSUCH' };
    expectProblem(await security.post('/api/v1/users', person), 404, 'NOT_FOUND', ['/holderId NOT_FOUND']);
  });

  it('are not found under an id that is none, and nobody raises or disables themselves', async () => {
    expectProblem(await security.post('/api/v1/users/NOSUCH', { state: 'disabled' }), 404, 'NOT_FOUND');
    expectProblem(await security.post('/api/v1/applications/NOSUCH', { state: 'disabled' }), 404, 'NOT_FOUND');
    const own = bodyOfAnswer<{ id: string }>(await security.get('/api/v1/session')).id;
    for (const change of [{ state: 'disabled' }, { roles: ['admin.audit'] }])
      expectProblem(await security.post(`/api/v1/users/${own}`, change), 403, 'FORBIDDEN');
  });

  it('of systems are disabled at once with their tokens, and enabled again', async () => {
    const { clientId, clientSecret, token } = await addSystem(web.house, web.app, ['issuer.clerk']);
    const system = makeHand(web.app, { Authorization: `Bearer ${token}` });
    const path = `/api/v1/applications/${clientId}`;
    const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    expect((await system.get('/api/v1/licences')).status).to.equal(200);
    const answer = bodyOfAnswer(await security.post(path, { state: 'disabled' }));
    expect(answer).to.include({ clientId, state: 'disabled' }).and.not.have.property('clientSecret');
    expectProblem(await system.get('/api/v1/licences'), 401, 'UNAUTHENTICATED');
    expectProblem(await web.nobody.post('/oauth/token', grant), 401, 'UNAUTHENTICATED');
    expect((await security.post(path, { state: 'active' })).status).to.equal(200);
    expectProblem(await system.get('/api/v1/licences'), 401, 'UNAUTHENTICATED');
    expect((await web.nobody.post('/oauth/token', grant)).status).to.equal(200);
  });
});
