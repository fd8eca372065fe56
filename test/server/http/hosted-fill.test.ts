import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import request, { type Response } from 'supertest';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { purgeDrafts } from '../../../models/draft/purge-drafts.ts';
import { purgeLinks } from '../../../models/fill/purge-links.ts';
import { makeApp } from '../../../server/http/app.ts';
import { startChromium } from '../../world/chromium.ts';
import { requireProgram } from '../../world/programs.ts';
import { COMPANY, clerk, ENTRY } from '../../world/sample-entry.ts';
import { addSystem, bodyOfAnswer, expectProblem, type Hand, makeHand, openWeb, type Web } from './web.ts';

const PICTURES = process.env.ZHENGKU_TEST_PICTURES;
const RETURN = 'https://system.example/back?case=7';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const HOLDER = { name: '样例建设有限公司', type: 'legal', number: COMPANY };
const FILLED = {
  ...{ 'holders.0.name': HOLDER.name, 'holders.0.type': HOLDER.type, 'holders.0.number': HOLDER.number },
  'fields.projectName': '样例花园',
};

/** A browser that was led to the page. */
interface Visitor {
  readonly path: string;
  readonly cookie: string;
  readonly csrf: string;
  readonly formId: string;
}

describe('the fill page by a link', function () {
  this.timeout(60_000);
  let web: Web;
  let system: Hand;
  let clientId: string;

  before(async () => {
    web = await openWeb();
    const added = await addSystem(web.house, web.app, ['issuer.clerk']);
    clientId = added.clientId;
    system = makeHand(web.app, { Authorization: `Bearer ${added.token}` });
    const security = await web.person('admin.security');
    const change = { returnHosts: ['system.example'] };
    expect((await security.post(`/api/v1/applications/${clientId}`, change)).status).to.equal(200);
  });

  after(() => web.close());

  const ask = (more: object = {}) =>
    system.post('/api/v1/fill-links', { catalogueCode: ENTRY.code, returnUrl: RETURN, state: 'case/7 &', ...more });
  const pathOf = async (more: object = {}): Promise<string> => {
    const response = await ask(more);
    expect(response.status, response.text).to.equal(201);
    return new URL(bodyOfAnswer<{ url: string }>(response).url).pathname;
  };
  const count = () => web.house.db.rows.licences.count();

  async function come(opening: string): Promise<Visitor> {
    const opened = await request(web.app).get(opening);
    expect(opened.status, opened.text).to.equal(303);
    const cookie = String(opened.get('Set-Cookie')?.[0]).split(';')[0] ?? '';
    const path = opened.get('Location') ?? '';
    const { text } = await request(web.app).get(path).set('Cookie', cookie).expect(200);
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
    return { path, cookie, csrf: hidden('_csrf'), formId: hidden('formId') };
  }

  async function send(
    { path, cookie, csrf, formId }: Visitor,
    values: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const post = request(web.app).post(path).set('Cookie', cookie);
    for (const [name, value] of Object.entries({ _csrf: csrf, formId, ...values })) post.field(name, value);
    return post;
  }

  it('is asked for by a system, leads back only to hosts of that system, and lasts an hour at most', async () => {
    expectProblem(
      await (await web.person('issuer.clerk')).post('/api/v1/fill-links', { catalogueCode: ENTRY.code }),
      403,
      'FORBIDDEN',
    );
    for (const returnUrl of [
      'https://evil.example/',
      'https://system.example.evil.example/',
      'https://system.example:444/',
    ]) {
      expectProblem(await ask({ returnUrl }), 400, 'REQUEST_INVALID', ['/returnUrl RETURN_HOST_UNKNOWN']);
    }
    for (const returnUrl of [
      'http://system.example/',
      'https://a@system.example/',
      'javascript:1',
      '//system.example',
    ]) {
      expectProblem(await ask({ returnUrl }), 400, 'REQUEST_INVALID', ['/returnUrl FIELD_PATTERN']);
    }
    expect((await ask({ expiresInMinutes: 61 })).status).to.equal(400);
    expect((await ask({ expiresInMinutes: 60 })).status).to.equal(201);
  });

  it('has no word of what is filled in in its address, nor the token at rest', async () => {
    const path = await pathOf({ prefill: { holders: [HOLDER], fields: { projectName: '样例花园' } } });
    expect(decodeURIComponent(path)).to.not.match(/样例|9141/);
    const [id, token] = [path.split('/')[3] ?? '', path.split('/')[5] ?? ''];
    const row = await web.house.db.rows.fillLinks.findByPk(id);
    expect(JSON.stringify(row?.get())).to.not.include(token).and.not.include(COMPANY);
    const visitor = await come(path);
    expect(visitor.path).to.not.include(token);
    const { text } = await request(web.app).get(visitor.path).set('Cookie', visitor.cookie);
    expect(text).to.include(`value="${COMPANY}"`).and.include('value="样例花园"');
  });

  it('makes one licence however often it is sent, and leads back with the caller’s own words', async () => {
    const before = await count();
    const visitor = await come(await pathOf({ caseNumber: 'AJ-LINK-1' }));
    const answers = await Promise.all([send(visitor, FILLED), send(visitor, FILLED)]);
    answers.push(await send(visitor, FILLED));
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303, 303]);
    const [first] = answers.map((answer) => new URL(answer.get('Location') ?? ''));
    expect(first?.origin).to.equal('https://system.example');
    const said = Object.fromEntries(first?.searchParams ?? []);
    expect(said).to.include({ case: '7', state: 'case/7 &', outcome: 'submitted' });
    expect(await count()).to.equal(before + 1);
    const result = bodyOfAnswer<{ state: string }>(await system.get(`/api/v1/licences/${said.licenceId}/result`));
    expect(result.state).to.equal('waiting');
    const other = await send(visitor, { ...FILLED, 'fields.projectName': '另一工程', formId: '0'.repeat(36) });
    expect(other.status).to.equal(409);
    expect(other.text).to.include('填报链接已使用');
    expect(await count()).to.equal(before + 1);
  });

  it('is opened by one browser, not after its time, and not with another token', async () => {
    const opening = await pathOf({ expiresInMinutes: 5 });
    const visitor = await come(opening);
    expect((await request(web.app).get(opening)).status).to.equal(409);
    expect((await request(web.app).get(opening).set('Cookie', visitor.cookie)).status).to.equal(303);
    expect((await request(web.app).get(visitor.path)).status).to.equal(404);
    const tampered = `${opening.slice(0, -1)}${opening.endsWith('A') ? 'B' : 'A'}`;
    const refused = await request(web.app).get(tampered).set('Accept', 'application/json');
    expectProblem(refused, 404, 'FILL_LINK_UNKNOWN');
    expect((await send({ ...visitor, csrf: 'f'.repeat(64) }, FILLED)).status).to.equal(403);
    const late = await pathOf({ expiresInMinutes: 1 });
    const before = await count();
    const start = web.house.clock();
    web.house.time.set(new Date(start.getTime() + 5 * 60_000).toISOString());
    const expired = await request(web.app).get(late);
    expect([expired.status, expired.text.includes('填报链接已过期')]).to.deep.equal([409, true]);
    expect((await send(visitor, FILLED)).status).to.equal(409);
    expect(await count()).to.equal(before);
    web.house.time.set(start.toISOString());
  });

  it('leads back without a licence when it is cancelled, and then is used', async () => {
    const visitor = await come(await pathOf());
    const cancelled = await send(visitor, { do: 'cancel' });
    expect(new URL(cancelled.get('Location') ?? '').searchParams.get('outcome')).to.equal('cancelled');
    for (const button of ['submit', 'save-draft', 'add-holder'])
      expect((await send(visitor, { ...FILLED, do: button })).status, button).to.equal(409);
    expect(await web.house.db.rows.drafts.count()).to.equal(0);
  });

  it('keeps a draft of the system, with which another link goes on; submitting it deletes it', async () => {
    const visitor = await come(await pathOf());
    const saved = await send(visitor, {
      'holders.0.number': COMPANY,
      'fields.projectName': '写到一半',
      do: 'save-draft',
    });
    expect(saved.text).to.include('草稿已保存');
    const [draft] = bodyOfAnswer<{ items: { draftId: string }[] }>(await system.get('/api/v1/drafts')).items;
    const id = draft?.draftId ?? '';
    const row = await web.house.db.rows.drafts.findByPk(id);
    expect(row?.content).to.not.include(COMPANY);
    const foreign = await web.person('issuer.clerk');
    expectProblem(await foreign.get(`/api/v1/drafts/${id}`), 404, 'NOT_FOUND');
    const opened = bodyOfAnswer<{ faults: { pointer: string }[]; versionChange: unknown }>(
      await system.get(`/api/v1/drafts/${id}?faults=true`),
    );
    expect(opened.faults.map(({ pointer }) => pointer)).to.include('/holders/0/name');
    expect(opened.versionChange).to.equal(null);
    const address = { key: 'street', name: '街道', type: 'text', required: false } as const;
    await saveEntry(web.house, clerk, { ...ENTRY, fields: [...ENTRY.fields, address] });
    const changed = bodyOfAnswer<{ versionChange: object }>(await system.get(`/api/v1/drafts/${id}`));
    expect(changed.versionChange).to.deep.equal({
      from: 1,
      to: 2,
      added: ['street'],
      removed: [],
      altered: [],
      rules: [],
    });
    const next = await come(await pathOf({ draftId: id }));
    expect((await request(web.app).get(next.path).set('Cookie', next.cookie)).text).to.include('新增：街道');
    expect((await send(next, FILLED)).status).to.equal(303);
    expect(await web.house.db.rows.drafts.count()).to.equal(0);
  });

  it('takes the case and its closing time from the system, also over a draft, and the log ties the licence to the link', async () => {
    const closedAt = '2026-03-01T10:00:00+08:00';
    const body = {
      catalogueCode: ENTRY.code,
      submission: { closedAt, caseNumber: 'AJ-OLD', fields: { projectName: '甲' } },
    };
    const { draftId } = bodyOfAnswer<{ draftId: string }>(await system.post('/api/v1/drafts', body));
    const opening = await pathOf({ draftId, caseNumber: 'AJ-CASE-9' });
    const visitor = await come(opening);
    expect((await request(web.app).get(visitor.path).set('Cookie', visitor.cookie)).text).to.include('AJ-CASE-9');
    const forged = { ...FILLED, caseNumber: 'AJ-OTHER', closedAt: '2026-03-02T08:00:00+08:00' };
    await send(visitor, { ...forged, do: 'save-draft' });
    expect((await send(visitor, forged)).status).to.equal(303);
    const row = await web.house.db.rows.licences.findOne({ where: { caseNumber: 'AJ-CASE-9' } });
    expect(row?.closedAt?.toISOString()).to.equal('2026-03-01T02:00:00.000Z');
    const where = { act: 'fill.submit' as const, licenceId: row?.id ?? '' };
    const entry = await web.house.db.rows.auditEntries.findOne({ where });
    expect(entry?.details).to.deep.equal({ linkId: opening.split('/')[3] });
  });

  it('is not made with a closing time that is none, for nobody could mend it on the page', async () => {
    for (const [closedAt, code] of [
      ['2026-03-02 09:00', 'DATE_IMPOSSIBLE'],
      ['2099-01-01T00:00:00+08:00', 'CLOSED_IN_FUTURE'],
    ] as const) {
      const body = { catalogueCode: ENTRY.code, prefill: { closedAt } };
      const answer = await system.post('/api/v1/fill-links', body);
      expectProblem(answer, 400, 'REQUEST_INVALID', [`/prefill/closedAt ${code}`]);
    }
  });

  it('is not used up by a HEAD of whoever only looks', async () => {
    const opening = await pathOf();
    expect((await request(web.app).head(opening)).status).to.equal(405);
    expect((await request(web.app).get(opening)).status).to.equal(303);
  });

  it('loses nothing typed: of two that save at once one draft comes, and after its time the form is shown again', async () => {
    const { drafts } = web.house.db.rows;
    const before = await drafts.count();
    const visitor = await come(await pathOf({ expiresInMinutes: 1 }));
    const typed = { 'fields.projectName': '打了很久的字', do: 'save-draft' };
    const both = await Promise.all([send(visitor, typed), send(visitor, typed)]);
    expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect(await drafts.count()).to.equal(before + 1);
    const start = web.house.clock();
    web.house.time.advance({ minutes: 2 });
    for (const button of ['save-draft', 'submit']) {
      const late = await send(visitor, { ...FILLED, ...typed, do: button });
      expect([late.status, late.text.includes('打了很久的字'), late.text.includes('填报链接已过期')]).to.deep.equal([
        409,
        true,
        true,
      ]);
    }
    web.house.time.set(start.toISOString());
  });

  it('is thrown away after a month, and drafts that nobody saved again with it', async () => {
    await web.house.db.rows.drafts.destroy({ where: {} });
    await system.post('/api/v1/drafts', { catalogueCode: ENTRY.code, submission: {} });
    const { drafts, fillLinks } = web.house.db.rows;
    const links = await fillLinks.count();
    const start = web.house.clock();
    const after = (days: number) => web.house.time.set(new Date(start.getTime() + days * 86_400_000 + 1).toISOString());
    after(29);
    expect([await purgeDrafts(web.house), await purgeLinks(web.house)]).to.deep.equal([0, 0]);
    after(30);
    expect([await purgeDrafts(web.house), await purgeLinks(web.house)]).to.deep.equal([1, links]);
    expect([await drafts.count(), await fillLinks.count()]).to.deep.equal([0, 0]);
    web.house.time.set(start.toISOString());
  });

  it('is filled in without any script, with several holders and a picture, and leads back', async function () {
    requireProgram(this, 'chromium');
    const photo = { key: 'photo', name: '照片', type: 'image', required: true } as const;
    await saveEntry(web.house, clerk, { ...ENTRY, fields: [...ENTRY.fields, photo] });
    const house = { ...web.house, publicUrl: 'http://127.0.0.1' };
    const server: Server = createServer(makeApp(house, { ratePerMinute: 10_000, accountsFile: '/nowhere' }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const chromium = await startChromium();
    const context = await chromium.browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
    const page = await context.newPage();
    const picture = async (name: string) => {
      if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    };
    // Nobody answers there: what counts is that the browser asks, and that the page's policy did not keep it from asking.
    const led: string[] = [];
    page.on('requestfailed', (failed) => led.push(`${failed.url()} ${failed.failure()?.errorText}`));
    await page.goto(origin + (await pathOf({ prefill: { fields: { projectName: '样例花园' } } })));
    await picture('hosted');
    await page.click('[value=add-holder]');
    await page.fill('#holders-0-name', '甲公司');
    await page.setInputFiles('#fields-photo', { name: 'p.png', mimeType: 'image/png', buffer: PNG });
    // Return in an input means to submit.
    await page.press('#holders-0-number', 'Enter');
    await picture('hosted-refused');
    const links = await page.locator('.summary a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).to.include('#holders-0-number').and.include('#holders-1-name');
    expect(await page.getAttribute('#holders-0-number', 'aria-describedby')).to.equal('holders-0-number-fault');
    expect(await page.getAttribute('#holders-0-number', 'aria-invalid')).to.equal('true');
    expect(await page.locator('img.chosen').count()).to.equal(1);
    const unnamed = await page
      .locator('input:not([type=hidden]), select, textarea')
      .evaluateAll(
        (all) => all.filter((one) => !(one as unknown as { labels?: ArrayLike<unknown> }).labels?.length).length,
      );
    expect(unnamed).to.equal(0);
    await page.click('[value="remove-holder:0"]');
    await page.fill('#holders-0-name', HOLDER.name);
    await page.fill('#holders-0-number', COMPANY);
    await picture('hosted-mended');
    const form = page.url();
    await page.click('.acts [value=submit]').catch(() => undefined);
    await page.waitForURL((url) => url.pathname !== new URL(form).pathname).catch(() => undefined);
    expect(led.join()).to.match(
      /^https:\/\/system\.example\/back\?case=7&outcome=submitted&.* net::ERR_(NAME|INTERNET|PROXY)/,
    );
    const licence = await web.house.db.rows.licences.findOne({ order: [['id', 'DESC']] });
    expect(licence?.fields.photo).to.match(/^sm3:/);
    expect(licence?.createdBy).to.equal(clientId);
    await context.close();
    await chromium.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
