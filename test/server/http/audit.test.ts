import { expect } from 'chai';
import type { Response } from 'supertest';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { CITIZEN, COMPANY, CONSUMER, ISSUER, OTHER_ISSUER, SUBMISSION } from '../../world/sample-entry.ts';
import { issue, submission } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, PURPOSE, type SharingWorld } from './sharing-world.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, storingNothing, type Web } from './web.ts';

interface Entry {
  readonly seq: number;
  readonly act: string;
  readonly outcome: string;
  readonly actorId: string;
  readonly actorName: string | null;
  readonly actorType: string;
  readonly licenceId: string | null;
  readonly organisationCode: string | null;
  readonly caseNumber: string | null;
  readonly purpose: string | null;
  readonly at: string;
}
interface Found {
  readonly items: readonly Entry[];
  readonly next: string | null;
}

describe('the access log', () => {
  let world: SharingWorld;
  let web: Web;
  const newest = async () => web.house.db.rows.auditEntries.findOne({ order: [['seq', 'DESC']] });
  const count = () => web.house.db.rows.auditEntries.count();

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    web = world.web;
  });

  after(() => web.close());

  it('gets one entry an access, for what was answered and for what was refused', async () => {
    const clerk = await web.person('issuer.clerk');
    const window = world.window;
    const foreign = await web.person('issuer.clerk', OTHER_ISSUER);
    const useCode = await world.openUse();
    const { licenceId, identifier } = world.licence;
    const within = { useCode, identifier };
    const own = `/api/v1/licences/${licenceId}`;
    const accesses: readonly (readonly [() => Promise<Response>, string, string])[] = [
      [async () => clerk.get(own), 'licence.read', 'done'],
      [async () => foreign.get(own), 'licence.read', 'refused'],
      [async () => window.get(own), 'licence.read', 'refused'],
      [async () => clerk.get('/api/v1/licences'), 'licence.list', 'done'],
      [async () => window.get('/api/v1/licences'), 'call.fault', 'refused'],
      [async () => clerk.get(`${own}/preview`), 'licence.preview', 'done'],
      [async () => foreign.get(`${own}/preview`), 'licence.preview', 'refused'],
      [async () => foreign.get(`${own}/as-of?at=2026-03-02T01:00:00Z`), 'licence.read', 'refused'],
      [async () => foreign.get(`${own}/archives`), 'archive.read', 'refused'],
      [async () => foreign.get(`${own}/result`), 'licence.read', 'refused'],
      [async () => clerk.get(`${own}/files/ofd`), 'licence.download', 'done'],
      [async () => foreign.get(`${own}/files/ofd`), 'licence.download', 'refused'],
      [async () => clerk.get('/api/v1/catalogue'), 'catalogue.read', 'done'],
      [async () => clerk.get('/api/v1/catalogue/NOSUCH'), 'catalogue.read', 'refused'],
      [async () => clerk.get('/api/v1/organisations'), 'organisation.read', 'done'],
      [async () => clerk.post('/api/v1/licences', submission()), 'licence.submit', 'done'],
      [async () => clerk.post('/api/v1/licences', {}), 'call.fault', 'failed'],
      [async () => window.post('/api/v1/licences', SUBMISSION), 'call.fault', 'refused'],
      [async () => clerk.post('/api/v1/licences').type('text/plain').send('x'), 'call.fault', 'failed'],
      [async () => web.nobody.get(own), 'call.fault', 'refused'],
      [async () => window.post('/api/v1/sharing/list', { useCode }), 'sharing.list', 'done'],
      [async () => window.post('/api/v1/sharing/status', within), 'sharing.status', 'done'],
      [async () => window.post('/api/v1/sharing/preview', within), 'sharing.preview', 'done'],
      [async () => window.post('/api/v1/sharing/copy', within), 'sharing.copy', 'done'],
      [async () => window.post('/api/v1/sharing/compare', { ...within, fields: {} }), 'sharing.compare', 'done'],
      [
        async () => window.post('/api/v1/sharing/status', { ...within, useCode: 'INVENTED00' }),
        'sharing.status',
        'refused',
      ],
      [async () => clerk.post('/api/v1/sharing/status', within), 'sharing.status', 'refused'],
      [async () => web.nobody.get('/v/NOSUCHCODE'), 'verification.code', 'refused'],
      [async () => web.nobody.post('/oauth/token', { grant_type: 'x' }), '', ''],
    ];
    for (const [access, act, outcome] of accesses) {
      const before = await count();
      const response = await access();
      if (act === '') continue;
      const entry = await newest();
      const said = {
        act: entry?.act,
        outcome: entry?.outcome,
        requestId: entry?.requestId,
        more: (await count()) - before,
      };
      expect(said, response.text).to.deep.equal({ act, outcome, requestId: response.get('X-Request-Id'), more: 1 });
    }
    expect(await verifyAudit(web.house)).to.include({ holds: true });
  });

  it('says who, for which body and case, what, when, from where and with what result', async () => {
    const use = { useCode: await world.openUse(), identifier: world.licence.identifier };
    await world.window.post('/api/v1/sharing/status', use);
    const entry = await newest();
    expect(entry).to.include({
      actorType: 'person',
      organisationCode: CONSUMER,
      act: 'sharing.status',
      outcome: 'done',
      licenceId: world.licence.licenceId,
      caseNumber: 'SL-1',
      matterCode: 'SX-1',
      purpose: PURPOSE,
    });
    expect(entry?.address).to.match(/127\.0\.0\.1$/);
    expect(entry?.at.toISOString()).to.equal(web.house.time.now().toISOString());
  });

  it('holds no personal number, nor do log lines and addresses', async () => {
    const auditor = await web.person('auditor');
    await auditor.post('/api/v1/audit/search', { holderNumber: CITIZEN });
    await world.openUse({ holder: { type: 'natural', number: CITIZEN } });
    await web.nobody.get(`/v/${CITIZEN}`);
    const entries = JSON.stringify(await web.house.db.rows.auditEntries.findAll());
    const lines = web.log.map(({ fields, message }) => `${message} ${JSON.stringify(fields)}`).join('\n');
    expect(lines).to.include('request');
    for (const number of [CITIZEN, COMPANY]) {
      expect(lines).to.not.include(number);
      expect(entries).to.not.include(number);
    }
    const tables: Readonly<Record<string, { findAll(): PromiseLike<unknown> }>> = web.house.db.rows;
    for (const [name, table] of Object.entries(tables)) {
      expect(JSON.stringify(await table.findAll()), name).to.not.include(CITIZEN);
    }
  });

  describe('is searched', () => {
    let auditor: Hand;
    const search = async (body: object) => bodyOfAnswer<Found>(await auditor.post('/api/v1/audit/search', body)).items;
    const look = async (query: string) => bodyOfAnswer<Found>(await auditor.get(`/api/v1/audit/entries?${query}`));

    before(async () => {
      auditor = await web.person('auditor');
      const useCode = await world.openUse({ holder: { type: 'natural', number: CITIZEN }, case: 'SL-77' });
      await world.window.post('/api/v1/sharing/status', { useCode, identifier: world.personal.identifier });
    });

    it('by holder, whose number travels in the body and is not kept', async () => {
      const items = await search({ holderNumber: CITIZEN.toLowerCase(), act: 'sharing.status' });
      expect(items.map(({ licenceId }) => licenceId)).to.deep.equal([world.personal.licenceId]);
      expectProblem(await auditor.get('/api/v1/audit/entries?holderNumber=1'), 400, 'REQUEST_INVALID', [
        '/holderNumber FIELD_UNKNOWN',
      ]);
    });

    it('by body, operator, licence and case', async () => {
      const { licenceId } = world.licence;
      const byBody = (await look(`organisationCode=${CONSUMER}&limit=200`)).items;
      expect(byBody.length).to.be.greaterThan(5);
      expect(new Set(byBody.map(({ organisationCode }) => organisationCode))).to.deep.equal(new Set([CONSUMER]));
      const operator = byBody[0]?.actorId ?? '';
      expect((await look(`actorId=${operator}`)).items.every(({ actorId }) => actorId === operator)).to.equal(true);
      const byLicence = (await look(`licenceId=${licenceId}&act=licence.issue`)).items;
      expect(byLicence.map((entry) => entry.licenceId)).to.deep.equal([licenceId]);
      const acts = (await look('caseNumber=SL-77')).items.map(({ act }) => act);
      expect(acts).to.deep.equal(['sharing.status', 'use.open']);
    });

    it('by operator, under the login name, and names them in the answer', async () => {
      const clerk = await web.person('issuer.clerk');
      await clerk.get(`/api/v1/licences/${world.licence.licenceId}`);
      const loginName = `issuer.clerk.${ISSUER.toLowerCase()}`;
      const { items } = await look(`operator=${loginName}&act=licence.read`);
      expect(items.length).to.be.greaterThan(0);
      expect(new Set(items.map(({ actorName }) => actorName))).to.deep.equal(new Set([loginName]));
      expect((await look(`operator=${items[0]?.actorId}&act=licence.read`)).items).to.deep.equal(items);
      const system = await web.system(['issuer.clerk']);
      await system.get('/api/v1/licences');
      const [newestEntry] = (await look(`act=licence.list&limit=1`)).items;
      expect(newestEntry).to.include({ actorType: 'system', actorName: '接入系统' });
      expect((await look('operator=nobody-here')).items).to.deep.equal([]);
    });

    it('by holder: all that happened to a licence, from its submission on, and the lists it stood in', async () => {
      const clerk = await web.person('issuer.clerk');
      const { licenceId, identifier } = await issue(web);
      await clerk.get(`/api/v1/licences/${licenceId}`);
      await clerk.get(`/api/v1/licences/${licenceId}/preview`);
      const file = await clerk.get(`/api/v1/licences/${licenceId}/files/ofd`).buffer(true).parse(readBinary);
      await clerk.get('/api/v1/licences');
      await clerk
        .post('/api/v1/verifications')
        .type('application/octet-stream')
        .send(file.body as Buffer);
      await (await web.person('issuer.clerk', OTHER_ISSUER)).get(`/api/v1/licences/${licenceId}`);
      const row = await web.house.db.rows.licences.findByPk(licenceId);
      await web.nobody.get(`/v/${row?.verificationCode}`);
      expect(identifier).to.be.a('string');
      const byHolder = await search({ holderNumber: COMPANY, licenceId });
      expect(byHolder).to.deep.equal(await search({ licenceId }));
      const acts = byHolder.map(({ act, outcome }) => `${act} ${outcome}`).reverse();
      expect(acts).to.deep.equal([
        'licence.submit done',
        'licence.review done',
        'licence.sealing done',
        'licence.issue done',
        'licence.read done',
        'licence.preview done',
        'licence.download done',
        'licence.list done',
        'verification.file done',
        'licence.read refused',
        'verification.code done',
      ]);
    });

    it('by time, the start included and the end not', async () => {
      const { time } = web.house;
      time.advance({ minutes: 5 });
      const from = time.now().toISOString();
      await look('limit=1');
      time.advance({ minutes: 5 });
      const to = time.now().toISOString();
      const { items } = await look(`from=${from}&to=${to}`);
      expect(items.map(({ act, at }) => [act, at])).to.deep.equal([['audit.search', from]]);
    });

    it('page by page, without a gap', async () => {
      const upTo = await count();
      const seen: number[] = [];
      let after: string | null = String(upTo + 1);
      while (after !== null) {
        const page: Found = await look(`limit=7&after=${after}`);
        seen.push(...page.items.map(({ seq }) => seq));
        after = page.next;
      }
      expect(seen).to.deep.equal(Array.from({ length: upTo }, (_, index) => upTo - index));
    });

    it('by nobody else, and every search is itself logged', async () => {
      await look('limit=1');
      expect((await newest())?.act).to.equal('audit.search');
      const admin = await web.person('admin.system');
      const security = await web.person('admin.security');
      for (const hand of [
        admin,
        security,
        world.window,
        await web.person('issuer.clerk'),
        await web.system(['bureau.officer'], ISSUER),
      ]) {
        expectProblem(await storingNothing(web, async () => hand.post('/api/v1/audit/search', {})), 403, 'FORBIDDEN');
      }
    });
  });
});

eachDatabase('without its access log the repository', (openDatabase) => {
  let web: Web;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb(await openDatabase());
  });

  after(() => web.close());

  it('answers nothing, stores nothing, and recovers', async () => {
    const clerk = await web.person('issuer.clerk');
    const { auditHead } = web.house.db.rows;
    const [head] = await auditHead.findAll();
    await auditHead.destroy({ where: { id: 1 } });
    const calls: readonly (() => Promise<Response>)[] = [
      async () => clerk.get('/api/v1/licences'),
      async () => clerk.get('/api/v1/catalogue'),
      async () => clerk.post('/api/v1/licences', submission()),
      async () => clerk.post('/api/v1/licences', {}),
      async () => web.nobody.get('/api/v1/licences'),
      async () => web.nobody.get('/v/NOSUCHCODE').set('Accept', 'application/json'),
      async () => web.nobody.post('/api/v1/session', { name: 'nobody', password: 'x' }),
    ];
    for (const call of calls) expectProblem(await storingNothing(web, call), 503, 'AUDIT_UNAVAILABLE');
    await auditHead.create(head?.get() ?? { id: 1, seq: 0, hash: '' });
    expect((await clerk.get('/api/v1/licences')).status).to.equal(200);
    expect(await verifyAudit(web.house)).to.include({ holds: true });
  });
});
