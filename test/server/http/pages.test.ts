import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { makeApp } from '../../../server/http/app.ts';
import { type Chromium, startChromium } from '../../world/chromium.ts';
import { requireProgram } from '../../world/programs.ts';
import { COMPANY, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { issue } from './issue.ts';
import { addUser, openWeb, PASSWORD, type Web } from './web.ts';

/** Set to a folder to keep a picture of every page that is visited. */
const PICTURES = process.env.ZHENGKU_TEST_PICTURES;

/** What is read of the description of the API. */
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
}

describe('the pages of the house', function () {
  this.timeout(60_000);
  let web: Web;
  let chromium: Chromium;
  let server: Server;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  const asked: string[] = [];
  const folder = temporaryFolder();

  before(async function () {
    requireProgram(this, 'chromium');
    web = await openWeb();
    await addUser(web.house, { loginName: 'clerk', roles: ['issuer.clerk'], organisationCode: ISSUER });
    const accountsFile = join(folder.path, 'accounts.json');
    const accounts = [
      { role: 'issuer.clerk', name: 'clerk', password: PASSWORD },
      { role: 'auditor', name: 'x<b>', clientId: '01', secret: 's' },
    ];
    writeFileSync(accountsFile, JSON.stringify(accounts));
    const house = { ...web.house, publicUrl: 'http://127.0.0.1' };
    server = createServer(makeApp(house, { ratePerMinute: 10_000, accountsFile }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    chromium = await startChromium();
  });

  after(async () => {
    await chromium?.stop();
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    await web?.close();
    folder.remove();
  });

  afterEach(() => context?.close());

  async function visit(path: string, options: { javaScriptEnabled?: boolean; width?: number } = {}): Promise<void> {
    const { javaScriptEnabled = false, width = 1100 } = options;
    context = await chromium.browser.newContext({
      javaScriptEnabled,
      viewport: { width, height: 800 },
      locale: 'zh-CN',
    });
    page = await context.newPage();
    asked.length = 0;
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(origin + path);
  }

  async function picture(name: string): Promise<void> {
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** Nothing was asked of any other host. */
  function expectAtHome(): void {
    for (const url of asked) expect(url.startsWith(origin) || url.startsWith('data:'), url).to.equal(true);
  }

  it('begin with doors to the check, the documents and the sign-in', async () => {
    await visit('/');
    await picture('start');
    const links = await page.locator('.doors a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).to.deep.equal(['/check', '/verify', '/api/docs', '/login', '/demo/accounts']);
    expectAtHome();
  });

  it('show the demonstration’s accounts, escaped', async () => {
    await visit('/demo/accounts');
    await picture('accounts');
    expect(await page.locator('tbody tr').count()).to.equal(2);
    expect(await page.textContent('tbody')).to.include('x<b>');
  });

  it('sign a clerk in, refuse a faulty form beside its fields and take it mended, without any script', async () => {
    await visit(`/fill/${ENTRY.code}`);
    expect(new URL(page.url()).pathname).to.equal('/login');
    await page.fill('#name', 'clerk');
    await page.fill('#password', 'wrong');
    await page.click('button');
    expect(await page.textContent('.fault')).to.equal('用户名或口令不正确');
    await picture('login-refused');
    await page.fill('#name', 'clerk');
    await page.fill('#password', PASSWORD);
    await page.click('button');
    expect(new URL(page.url()).pathname).to.equal(`/fill/${ENTRY.code}`);
    await picture('fill');
    await page.fill('#holders-0-name', '样例建设有限公司');
    await page.fill('#holders-0-number', '91419900MA000000');
    await page.fill('[name="fields.address"]', '样例路<1>号');
    await page.selectOption('[name="fields.kind"]', 'fj');
    await page.click('.acts [value=submit]');
    await picture('fill-refused');
    const faults = await page.locator('.fault').allTextContents();
    expect(faults.join('\n'))
      .to.match(/持证主体代码校验不通过/)
      .and.match(/必填项缺失/)
      .and.match(/内容不符合规定格式/);
    expect(faults).to.have.length(3);
    expect(await page.inputValue('#holders-0-name')).to.equal('样例建设有限公司');
    expect(await page.inputValue('[name="fields.kind"]')).to.equal('fj');
    expect(await web.house.db.rows.licences.count()).to.equal(0);
    await page.fill('#holders-0-number', COMPANY);
    await page.fill('[name="fields.address"]', '样例路1号');
    await page.fill('[name="fields.projectName"]', '样例花园');
    await page.click('.acts [value=submit]');
    await picture('filled');
    expect(await page.textContent('h1')).to.equal('已提交');
    const [licence] = await web.house.db.rows.licences.findAll();
    expect(licence).to.include({ state: 'submitted', source: 'form', licenceNumber: '施字第2026000001号' });
    expectAtHome();
  });

  it('check a licence by its code', async () => {
    const { verificationCode } = await issue(web);
    await visit('/check');
    await picture('check');
    await page.fill('#code', verificationCode ?? '');
    await page.click('button');
    expect(await page.textContent('.verdict .status')).to.equal('有效');
    expect(await page.textContent('dl'))
      .to.include('样例建设有限公司')
      .and.include('2026-03-02 09:00:00（北京时间）');
    await picture('checked');
    await page.fill('#code', 'NOSUCHCODE');
    await page.click('button');
    expect(await page.textContent('.verdict .status')).to.equal('未找到');
    await picture('not-found');
    expectAtHome();
  });

  it('fit a telephone', async () => {
    const { verificationCode } = await issue(web);
    await visit(`/v/${verificationCode}`, { width: 360, javaScriptEnabled: true });
    await picture('checked-small');
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).to.be.at.most(360);
  });

  it('show the documents of the API without asking any other host', async () => {
    await visit('/api/docs', { javaScriptEnabled: true });
    await page.waitForSelector('.opblock-summary-description');
    // Of a long list only what is in sight is drawn.
    const { paths } = (await (await fetch(`${origin}/api/v1/openapi.json`)).json()) as Described;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).map(({ tags }) => ({ path, tag: tags[0] })),
    );
    const lastTag = [...new Set(operations.map(({ tag }) => tag))].at(-1);
    const last = operations.findLast(({ tag }) => tag === lastTag)?.path;
    await page.keyboard.press('End');
    await page.locator(`.opblock-summary-path[data-path="${last}"]`).first().waitFor();
    await picture('documents');
    expectAtHome();
  });

  it('say in words when an address is none or a form was not sent by its own page', async () => {
    await visit('/nothing');
    expect(await page.textContent('h1')).to.equal('没有这个地址');
    expect(await page.textContent('.hint .code')).to.match(/^[0-9A-Z]{26}$/);
    await picture('nothing');
    await page.goto(`${origin}/login?next=/fill/${ENTRY.code}`);
    await page.fill('#name', 'clerk');
    await page.fill('#password', PASSWORD);
    await page.click('button');
    await page.locator('[name="_csrf"]').evaluate((input) => input.setAttribute('value', 'forged'));
    await page.click('.acts [value=submit]');
    expect(await page.textContent('h1')).to.equal('跨站请求校验未通过');
  });

  it('send nobody to another site after signing in', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:1']) {
      await visit(`/login?next=${encodeURIComponent(next)}`);
      expect(await page.inputValue('[name="next"]')).to.equal('/');
      await context.close();
    }
  });
});
