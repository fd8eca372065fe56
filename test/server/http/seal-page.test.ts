import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { makeApp } from '../../../server/http/app.ts';
import { startChromium } from '../../world/chromium.ts';
import { requireProgram } from '../../world/programs.ts';
import { clerk, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { approve, submit } from './issue.ts';
import { addUser, expectProblem, openWeb, PASSWORD } from './web.ts';

const PICTURES = process.env.ZHENGKU_TEST_PICTURES;

describe('the page of those who keep the seal', function () {
  this.timeout(60_000);

  it('shows the face before it is sealed and seals what was confirmed with a reason, without any script', async function () {
    requireProgram(this, 'chromium');
    const web = await openWeb();
    const box: [number, number, number, number] = [20, 20, 150, 20];
    const annex = { kind: 'text' as const, text: '附图：{projectName}', box, sizeMm: 8 };
    const face = { pages: [...ENTRY.face.pages, { name: '附页', widthMm: 210, heightMm: 297, items: [annex] }] };
    await saveEntry(web.house, clerk, { ...ENTRY, face, sealAct: 'holder' });
    const id = await submit(web);
    await approve(web, id);
    const system = await web.system(['issuer.seal-keeper']);
    expectProblem(await system.post(`/api/v1/licences/${id}/seal`, {}), 403, 'SEAL_ACT_REQUIRED');
    await addUser(web.house, { loginName: 'keeper', roles: ['issuer.seal-keeper'], organisationCode: ISSUER });
    const house = { ...web.house, publicUrl: 'http://127.0.0.1' };
    const server: Server = createServer(makeApp(house, { ratePerMinute: 10_000, accountsFile: '/nowhere' }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const chromium = await startChromium();
    const context = await chromium.browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
    const page = await context.newPage();
    const picture = async (name: string) => {
      if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    };
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/seal`);
    await page.fill('#name', 'keeper');
    await page.fill('#password', PASSWORD);
    await page.click('button');
    await picture('seal-list');
    await page.click('tbody a');
    await page.waitForLoadState('load');
    const drawn = await page
      .locator('img.face')
      .evaluateAll((all) => all.map((img) => (img as unknown as { naturalWidth: number }).naturalWidth > 100));
    expect(drawn, 'every page of the face').to.deep.equal([true, true]);
    const listed = await page.locator('dl.fields').textContent();
    for (const { name } of ENTRY.fields.filter(({ required }) => required)) expect(listed).to.include(name);
    await page.click('button');
    expect(await page.textContent('.summary')).to.include('必填项缺失');
    await picture('seal-refused');
    expect((await web.house.db.rows.licences.findByPk(id))?.state).to.equal('reviewed');
    const other = await web.person('issuer.seal-keeper');
    const contentDigest = (await web.house.db.rows.licences.findByPk(id))?.contentDigest;
    const long = other
      .post(`/seal/${id}`)
      .type('form')
      .send({ contentDigest, reason: '长'.repeat(1001) });
    expect([(await long).status, (await long).text.includes('id="reason-fault"')]).to.deep.equal([400, true]);
    await page.fill('#reason', '核对无误，准予颁发');
    await page.press('#reason', 'Enter');
    await picture('sealed');
    expect(await page.textContent('dl')).to.include('已签章颁发');
    expect((await web.house.db.rows.licences.findByPk(id))?.state).to.equal('issued');
    await context.close();
    await chromium.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await web.close();
  });
});
