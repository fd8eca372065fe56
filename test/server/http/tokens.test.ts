import { expect } from 'chai';
import request from 'supertest';
import { submission } from './issue.ts';
import { addSystem, bodyOfAnswer, expectProblem, makeHand, openWeb, storingNothing, type Web } from './web.ts';

describe('access tokens of systems', () => {
  let web: Web;
  let client: { clientId: string; clientSecret: string; token: string };
  const ask = (body: object) => request(web.app).post('/oauth/token').send(body);
  const grant = (changes: object = {}) => ({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    ...changes,
  });

  before(async () => {
    web = await openWeb();
    client = await addSystem(web.house, web.app, ['issuer.clerk', 'issuer.seal-keeper']);
  });

  after(() => web.close());

  it('are granted for a JSON body', async () => {
    const answer = bodyOfAnswer(await ask(grant()));
    expect(answer).to.include({ token_type: 'Bearer', expires_in: 3600, scope: 'issuer.clerk issuer.seal-keeper' });
    const system = makeHand(web.app, { Authorization: `Bearer ${String(answer.access_token)}` });
    expect((await system.post('/api/v1/licences', submission())).status).to.equal(201);
  });

  it('are granted for a form body, as OAuth 2 asks for it', async () => {
    const response = await request(web.app)
      .post('/oauth/token')
      .type('form')
      .send(grant({ scope: 'issuer.clerk' }));
    expect(response.status).to.equal(200);
    expect(bodyOfAnswer(response).scope).to.equal('issuer.clerk');
    expect(response.get('Cache-Control')).to.equal('no-store');
  });

  it('are granted for credentials in the Authorization header (RFC 6749 §2.3.1)', async () => {
    const basic = (secret: string) => `Basic ${Buffer.from(`${client.clientId}:${secret}`).toString('base64')}`;
    const form = (secret: string) =>
      request(web.app)
        .post('/oauth/token')
        .type('form')
        .set('Authorization', basic(secret))
        .send({ grant_type: 'client_credentials' });
    expect((await form(client.clientSecret)).status).to.equal(200);
    expectProblem(await form('wrong'), 401, 'UNAUTHENTICATED');
  });

  it('are kept only as digests', async () => {
    const rows = [await web.house.db.rows.accessTokens.findAll(), await web.house.db.rows.applications.findAll()];
    expect(JSON.stringify(rows)).to.not.include(client.token).and.not.include(client.clientSecret);
  });

  it('are refused for a wrong secret and for an unknown client, and the two look alike', async () => {
    const wrong = expectProblem(
      await storingNothing(web, async () => ask(grant({ client_secret: 'x' }))),
      401,
      'UNAUTHENTICATED',
    );
    const unknown = expectProblem(
      await storingNothing(web, async () => ask(grant({ client_id: 'x' }))),
      401,
      'UNAUTHENTICATED',
    );
    expect({ ...wrong, requestId: '' }).to.deep.equal({ ...unknown, requestId: '' });
  });

  it('are refused for another grant type, or when something is missing, each fault named', async () => {
    expectProblem(await ask(grant({ grant_type: 'password' })), 400, 'REQUEST_INVALID', [
      '/grant_type FIELD_NOT_IN_CODE_LIST',
    ]);
    expectProblem(await ask({}), 400, 'REQUEST_INVALID', [
      '/grant_type FIELD_REQUIRED',
      '/client_id FIELD_REQUIRED',
      '/client_secret FIELD_REQUIRED',
    ]);
  });

  it('are refused for a scope the system does not hold, and it is logged', async () => {
    const call = () => ask(grant({ scope: 'issuer.clerk auditor' }));
    expectProblem(await storingNothing(web, async () => call()), 403, 'FORBIDDEN');
    const newest = await web.house.db.rows.auditEntries.findOne({ order: [['seq', 'DESC']] });
    expect(newest).to.include({ act: 'account.token', outcome: 'refused' });
  });

  it('do only what their scope allows', async () => {
    const answer = bodyOfAnswer(await ask(grant({ scope: 'issuer.seal-keeper' })));
    const keeper = makeHand(web.app, { Authorization: `Bearer ${String(answer.access_token)}` });
    expectProblem(
      await storingNothing(web, async () => keeper.post('/api/v1/licences', submission())),
      403,
      'FORBIDDEN',
    );
  });

  it('expire after an hour and say so', async () => {
    const { token } = await addSystem(web.house, web.app, ['issuer.clerk']);
    const system = makeHand(web.app, { Authorization: `Bearer ${token}` });
    web.house.time.advance({ minutes: 59 });
    expect((await system.get('/api/v1/licences')).status).to.equal(200);
    web.house.time.advance({ minutes: 1 });
    const response = await storingNothing(web, async () => system.post('/api/v1/licences', submission()));
    expectProblem(response, 401, 'TOKEN_EXPIRED');
    expect(response.get('WWW-Authenticate')).to.match(/^Bearer /);
  });

  it('end at once when the system is disabled', async () => {
    const { clientId, clientSecret, token } = await addSystem(web.house, web.app, ['issuer.clerk']);
    await web.house.db.rows.applications.update({ state: 'disabled' }, { where: { id: clientId } });
    const system = makeHand(web.app, { Authorization: `Bearer ${token}` });
    expectProblem(await system.get('/api/v1/licences'), 401, 'UNAUTHENTICATED');
    expectProblem(await ask(grant({ client_id: clientId, client_secret: clientSecret })), 401, 'UNAUTHENTICATED');
  });

  it('are not read from the address, and an invented one opens nothing', async () => {
    const { token } = await addSystem(web.house, web.app, ['issuer.clerk']);
    const { nobody } = web;
    expectProblem(await nobody.get(`/api/v1/licences?access_token=${token}`), 401, 'UNAUTHENTICATED');
    expectProblem(await nobody.post(`/api/v1/licences?token=${token}`, submission()), 401, 'UNAUTHENTICATED');
    for (const value of ['Bearer INVENTED0123456789', 'Bearer x', `Basic ${token}`, token, 'Bearer ', 'Bearer a b']) {
      expectProblem(await makeHand(web.app, { Authorization: value }).get('/api/v1/licences'), 401, 'UNAUTHENTICATED');
    }
  });
});
