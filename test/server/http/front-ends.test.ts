import { join } from 'node:path';
import { expect } from 'chai';
import { openDepartment } from '../../exchange/department.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { expectProblem, openWeb, type Web } from './web.ts';

describe('front-end machines over HTTP', () => {
  let web: Web;
  let folder: TemporaryFolder;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    folder = temporaryFolder();
  });

  after(async () => {
    await web.close();
    folder.remove();
  });

  it('are listed by name, page after page, without their addresses', async () => {
    const officer = await web.person('bureau.officer');
    for (const name of ['c', 'a', 'b']) {
      const url = `mysql://user:secret@127.0.0.1:9/${name}`;
      const made = await officer.post('/api/v1/front-ends', { name, organisationCode: ISSUER, url }).expect(201);
      expect(made.text).to.not.contain('secret');
    }
    const names: string[] = [];
    for (let after = ''; ; ) {
      const page = await officer.get(`/api/v1/front-ends?limit=1${after && `&after=${after}`}`).expect(200);
      expect(page.text).to.not.contain('secret');
      names.push(...(page.body as { items: { name: string }[] }).items.map(({ name }) => name));
      after = (page.body as { next: string | null }).next ?? '';
      if (after === '') break;
    }
    expect(names).to.deep.equal(['a', 'b', 'c']);
  });

  it('that are files outside the operator’s folder are refused', async () => {
    const url = `sqlite:${join(folder.path, 'machine.db')}`;
    await (await openDepartment(url)).connection.close();
    const officer = await web.person('bureau.officer');
    for (const refused of [url, 'sqlite:/etc/passwd']) {
      const answer = await officer.post('/api/v1/front-ends', { name: 'x', organisationCode: ISSUER, url: refused });
      expectProblem(answer, 400, 'REQUEST_INVALID', ['/url FRONT_END_REFUSED']);
    }
  });

  it('tell how they stand in the form the API document describes', async () => {
    const officer = await web.person('bureau.officer');
    const { body } = (await officer.get('/api/v1/exchange/status').expect(200)) as {
      body: { departments: { frontEnd: string; depth: number | null }[] };
    };
    expect(body.departments.map(({ frontEnd, depth }) => [frontEnd, depth])).to.deep.equal([
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
  });
});
