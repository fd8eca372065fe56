import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { makeApp } from '../../../server/http/app.ts';
import { judgeFile, printReport } from '../../../signing/index.ts';
import { makeSamples } from '../../signing/verify/judged-files.ts';
import { type Chromium, startChromium } from '../../world/chromium.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { issue } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { openWeb, type Web } from './web.ts';

/** Set to a folder to keep a picture of every page that is visited. */
const PICTURES = process.env.ZHENGKU_TEST_PICTURES;

describe('the public verification page', function () {
  this.timeout(60_000);
  let web: Web;
  let chromium: Chromium;
  let server: Server;
  let origin: string;
  let pdfinfo: string;
  let context: BrowserContext;
  let page: Page;
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);

  before(async function () {
    requireProgram(this, 'chromium');
    pdfinfo = requireProgram(this, 'pdfinfo');
    web = await openWeb();
    const { licenceId } = await issue(web);
    const clerk = await web.person('issuer.clerk');
    const got = await clerk.get(`/api/v1/licences/${licenceId}/files/ofd`).buffer(true).parse(readBinary);
    const bytes = got.body as Buffer;
    writeFileSync(path('good.ofd'), bytes);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path('altered.ofd'), bytes);
    const house = { ...web.house, publicUrl: 'http://127.0.0.1' };
    server = createServer(makeApp(house, { ratePerMinute: 10_000, accountsFile: '/nowhere/accounts.json' }));
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

  async function visit(javaScriptEnabled: boolean, width = 1100): Promise<void> {
    context = await chromium.browser.newContext({ javaScriptEnabled, viewport: { width, height: 800 } });
    page = await context.newPage();
    await page.goto(`${origin}/verify`);
  }

  async function picture(name: string): Promise<void> {
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  const verdict = () => page.textContent('.report .status');
  const pagesOf = (pdf: string) => /Pages:\s+(\d+)/.exec(spawnSync(pdfinfo, [pdf], { encoding: 'utf8' }).stdout)?.[1];

  it('judges a file without any script, and the next one from the same page', async () => {
    await visit(false);
    await picture('verify');
    await page.setInputFiles('#file', path('good.ofd'));
    await page.click('form button');
    expect(await verdict()).to.include('有效 Valid');
    await picture('verified');
    await page.setInputFiles('#file', path('altered.ofd'));
    await page.click('form button');
    expect(await verdict()).to.include('无效 Not valid');
    expect(await page.isVisible('#print')).to.equal(false);
    await picture('refused');
  });

  it('sends a chosen file at once where there is script, and offers to print', async () => {
    await visit(true);
    await Promise.all([page.waitForNavigation(), page.setInputFiles('#file', path('good.ofd'))]);
    expect(await verdict()).to.include('有效 Valid');
    expect(await page.isVisible('#print')).to.equal(true);
  });

  it('fits a telephone', async () => {
    await visit(true, 360);
    await picture('verify-small');
    await Promise.all([page.waitForNavigation(), page.setInputFiles('#file', path('good.ofd'))]);
    await picture('verified-small');
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(360);
  });

  it('prints its report on one page, without the form', async () => {
    await visit(true);
    await Promise.all([page.waitForNavigation(), page.setInputFiles('#file', path('good.ofd'))]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('#file')).to.equal(false);
    expect(await page.isVisible('.report')).to.equal(true);
    await page.pdf({ path: path('page.pdf'), preferCSSPageSize: true, printBackground: true });
    expect(pagesOf(path('page.pdf'))).to.equal('1');
  });

  it('has a printable form of one page that asks for nothing from outside', async () => {
    context = await chromium.browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (asking) => asked.push(asking.url()));
    const samples = await makeSamples();
    for (const name of ['good.ofd', 'good.pdf', 'untrusted.ofd', 'empty']) {
      const sample = samples.find((one) => one.name === name);
      if (!sample) throw new RangeError(name);
      const html = printReport(judgeFile(sample.bytes, { policy: sample.policy, file: name }));
      writeFileSync(path('report.html'), html);
      await page.setContent(readFileSync(path('report.html'), 'utf8'));
      await page.pdf({ path: path('report.pdf'), preferCSSPageSize: true, printBackground: true });
      expect(pagesOf(path('report.pdf')), name).to.equal('1');
    }
    expect(asked.filter((url) => !url.startsWith('about:'))).to.deep.equal([]);
  });
});
