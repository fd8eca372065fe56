import { expect } from 'chai';
import { makeCsv, makeXlsx, readBack } from '../../exchange/sheet/make-sheets.ts';
import { COMPANY, ISSUER } from '../../world/sample-entry.ts';
import { readBinary } from '../http/read-binary.ts';
import { bodyOfAnswer, expectProblem, openWeb, signIn, type Web } from '../http/web.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const BODIES = ['统一社会信用代码', '单位名称', '层级'];
const PEOPLE = ['登录名', '姓名', '所属单位代码', '角色一'];

describe('sheets over HTTP', () => {
  let web: Web;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
  });

  after(() => web.close());

  for (const path of ['/api/v1/organisations/sheet', '/api/v1/users/sheet']) {
    it(`hands out the template of ${path} to whoever is signed in`, async () => {
      const admin = await web.person('admin.system');
      const answer = await admin.get(path).buffer(true).parse(readBinary);
      expect(answer.status).to.equal(200);
      expect(answer.get('Content-Type')).to.equal(XLSX);
      expect(await readBack(answer.body as Uint8Array)).to.have.length(2);
      expect((await web.nobody.get(path)).status).to.equal(401);
    });
  }

  it('registers bodies, and replays the answer to the same key', async () => {
    const admin = await web.person('admin.system');
    const sheet = Buffer.from(await makeXlsx([BODIES, [COMPANY, '样例建设有限公司', '县级']]));
    const send = () =>
      admin.post('/api/v1/organisations/sheet').set('Content-Type', XLSX).set('Idempotency-Key', 'sheet-1').send(sheet);
    const first = await send();
    expect(first.status).to.equal(201);
    expect(bodyOfAnswer(first)).to.include({ added: 1, updated: 0 });
    const again = await send();
    expect(again.get('Idempotent-Replayed')).to.equal('true');
    expect(bodyOfAnswer(again)).to.deep.equal(bodyOfAnswer(first));
  });

  it('names every fault by row and heading, in Chinese and English', async () => {
    const admin = await web.person('admin.system');
    const csv = Buffer.from(makeCsv([BODIES, [ISSUER, '', '局级'], ['1', '短码', '市级']]));
    const answer = await admin.post('/api/v1/organisations/sheet').set('Content-Type', 'text/csv').send(csv);
    const { errors = [] } = expectProblem(answer, 400, 'REQUEST_INVALID', [
      '/rows/2/单位名称 FIELD_REQUIRED',
      '/rows/2/层级 FIELD_NOT_IN_CODE_LIST',
      '/rows/3/统一社会信用代码 FIELD_PATTERN',
    ]);
    for (const { zh, en } of errors) {
      expect(zh).to.match(/\p{Script=Han}/u);
      expect(en).to.match(/[a-z]/);
    }
  });

  it('adds people who can then sign in, and hands their passwords back once', async () => {
    const admin = await web.person('admin.security');
    const sheet = Buffer.from(await makeXlsx([PEOPLE, ['sheet.clerk', '王一', ISSUER, '签发经办']]));
    const send = () =>
      admin.post('/api/v1/users/sheet').set('Content-Type', XLSX).send(sheet).buffer(true).parse(readBinary);
    const answer = await send();
    expect(answer.status).to.equal(201);
    expect(answer.get('X-Added')).to.equal('1');
    const password = (await readBack(answer.body as Uint8Array))[1]?.[4] ?? '';
    await signIn(web.app, 'sheet.clerk', password);
    const again = await send();
    expect([again.get('X-Added'), again.get('X-Left-Alone')]).to.deep.equal(['0', '1']);
    expect(JSON.stringify(web.log)).to.not.contain(password);
  });

  it('are the administrators’, each their own, and no larger than they may be', async () => {
    const sheet = Buffer.from(makeCsv([BODIES, [COMPANY, 'x', '市级']]));
    const clerk = await web.person('issuer.clerk');
    for (const path of ['/api/v1/organisations/sheet', '/api/v1/users/sheet']) {
      expectProblem(await clerk.post(path).set('Content-Type', 'text/csv').send(sheet), 403, 'FORBIDDEN');
    }
    const admin = await web.person('admin.system');
    const large = Buffer.alloc(5 * 1024 * 1024 + 1, 65);
    const answer = await admin.post('/api/v1/organisations/sheet').set('Content-Type', 'text/csv').send(large);
    expectProblem(answer, 413, 'REQUEST_TOO_LARGE');
  });
});
