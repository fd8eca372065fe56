import { expect } from 'chai';
import { workThroughImports } from '../../../exchange/sheet/index.ts';
import { HEADINGS, rowOf, sheetOf } from '../../exchange/sheet/import-world.ts';
import { makeXlsx, readBack } from '../../exchange/sheet/make-sheets.ts';
import { CONSUMER, ENTRY } from '../../world/sample-entry.ts';
import { readBinary } from '../http/read-binary.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, type Web } from '../http/web.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('imports over HTTP', () => {
  let web: Web;
  let clerk: Hand;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    clerk = await web.person('issuer.clerk');
  });

  after(() => web.close());

  const send = (bytes: Uint8Array, query: object, by = clerk) =>
    by
      .post('/api/v1/imports')
      .query({ catalogueCode: ENTRY.code, ...query })
      .set('Content-Type', 'application/octet-stream')
      .send(Buffer.from(bytes));
  const asFile = (path: string) => clerk.get(path).buffer(true).parse(readBinary);
  const files = () => web.house.db.rows.importFiles.count();

  it('hand out the template of an entry as xlsx and CSV', async () => {
    const path = `/api/v1/catalogue/${ENTRY.code}/sheet-template`;
    const xlsx = await asFile(path);
    expect([xlsx.status, xlsx.get('Content-Type')]).to.deep.equal([200, XLSX]);
    expect(await readBack(xlsx.body as Uint8Array)).to.have.length(3);
    const csv = await asFile(`${path}?format=csv`);
    expect(Buffer.from(csv.body as Uint8Array).toString('utf8')).to.match(/^\ufeff持证主体名称\*,/);
    expect((await clerk.get('/api/v1/catalogue/11419900MB0000001X999/sheet-template')).status).to.equal(404);
  });

  it('take a sheet, tell how it stands, name the faults, and hand out the answered copy', async () => {
    const bytes = await makeXlsx([HEADINGS, rowOf(1), rowOf(2, { 3: '' })]);
    const taken = await send(bytes, { mode: 'apply', way: 'offline', reason: '无网络', name: '一月.xlsx' });
    expect(taken.status).to.equal(202);
    const { importId } = bodyOfAnswer(taken) as { importId: string };
    await workThroughImports(web.house);
    expect(bodyOfAnswer(await clerk.get(`/api/v1/imports/${importId}`))).to.deep.include({
      state: 'done',
      fileName: '一月.xlsx',
      rows: { total: 2, judged: 2, accepted: 1, alreadyThere: 0, refused: 1 },
    });
    const rows = await clerk.get(`/api/v1/imports/${importId}/rows?outcome=refused`);
    expect((bodyOfAnswer(rows) as { items: object[] }).items).to.deep.equal([
      {
        row: 3,
        outcome: 'refused',
        licenceId: null,
        faults: [{ pointer: '/rows/3/工程名称', code: 'FIELD_REQUIRED' }],
      },
    ]);
    const copy = await asFile(`/api/v1/imports/${importId}/sheet`);
    expect(copy.status).to.equal(200);
    expect((await readBack(copy.body as Uint8Array)).map((line) => line[9])).to.deep.equal([
      '处理结果',
      '通过',
      '退回',
    ]);
    expect((bodyOfAnswer(await clerk.get('/api/v1/imports')) as { items: object[] }).items).to.have.length(1);
  });

  it('replay the answer to the same key, and refuse the key for another sheet', async () => {
    const one = () => send(sheetOf([rowOf(10)]), { mode: 'dry-run' }).set('Idempotency-Key', 'import-1');
    const first = await one();
    const before = await files();
    const again = await one();
    expect(again.get('Idempotent-Replayed')).to.equal('true');
    expect(bodyOfAnswer(again)).to.deep.equal(bodyOfAnswer(first));
    const other = send(sheetOf([rowOf(11)]), { mode: 'dry-run' }).set('Idempotency-Key', 'import-1');
    expectProblem(await other, 409, 'IDEMPOTENCY_KEY_REUSED');
    expect(await files()).to.equal(before);
  });

  it('keep nothing of what they do not take', async () => {
    const before = await files();
    const sheet = sheetOf([rowOf(20)]);
    expectProblem(await send(sheet, {}, await web.person('issuer.reviewer')), 403, 'FORBIDDEN');
    // A key that has its answer from another call opens nothing.
    const officer = await web.person('bureau.officer');
    const matter = { code: 'SX-1', name: '验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    expect((await officer.post('/api/v1/matters', matter).set('Idempotency-Key', 'used')).status).to.equal(201);
    expectProblem(await send(sheet, {}, officer).set('Idempotency-Key', 'used'), 403, 'FORBIDDEN');
    expectProblem(await send(sheet, { catalogueCode: '11419900MB0000001X999' }), 400, 'CATALOGUE_UNKNOWN');
    expectProblem(await send(sheet, { mode: 'apply' }), 400, 'REQUEST_INVALID', [
      '/way FIELD_REQUIRED',
      '/reason FIELD_REQUIRED',
    ]);
    expectProblem(await send(new Uint8Array(), {}), 400, 'FILE_REQUIRED');
    expect(await files()).to.equal(before);
  });
});
