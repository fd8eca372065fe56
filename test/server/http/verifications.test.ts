import { expect } from 'chai';
import request from 'supertest';
import { makeVerificationPool } from '../../../models/verification/index.ts';
import { makeApp } from '../../../server/http/app.ts';
import { reportSchema, rulesNamed } from '../../../signing/index.ts';
import { issue } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { bodyOfAnswer, expectProblem, openWeb, type Web } from './web.ts';

describe('verification over HTTP', () => {
  let web: Web;
  let ofd: Buffer;
  let identifier: string | null;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    const licence = await issue(web);
    identifier = licence.identifier;
    const clerk = await web.person('issuer.clerk');
    const got = await clerk.get(`/api/v1/licences/${licence.licenceId}/files/ofd`).buffer(true).parse(readBinary);
    ofd = got.body as Buffer;
  });

  after(() => web.close());

  const altered = () => {
    const copy = Buffer.from(ofd);
    copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
    return copy;
  };

  it('answers a report with verdict, reason, signatures and the house’s rules', async () => {
    const auditor = await web.person('auditor');
    const judge = (bytes: Buffer) => auditor.post('/api/v1/verifications').type('application/octet-stream').send(bytes);
    const good = bodyOfAnswer(await judge(ofd));
    expect(good).to.include({ valid: true, trusted: true, verdict: 'valid', identifier, format: 'ofd' });
    expect(good.rules).to.deep.equal({ name: 'default', version: 1 });
    expect((good.signatures as { kind: string }[]).some(({ kind }) => kind === 'seal')).to.equal(true);
    expect(bodyOfAnswer(await judge(altered()))).to.include({ valid: false, verdict: 'not-valid', identifier: null });
  });

  it('prints the report on a page that stands alone', async () => {
    const auditor = await web.person('auditor');
    const page = await auditor.post('/api/v1/verifications/print?file=a%3Cb%3E.ofd').type('application/ofd').send(ofd);
    expect([page.status, page.type]).to.deep.equal([200, 'text/html']);
    expect(page.text).to.include('a&lt;b&gt;.ofd').and.include('有效').and.not.include('<script');
    expectProblem(
      await web.nobody.post('/api/v1/verifications/print').type('application/ofd').send(ofd),
      401,
      'UNAUTHENTICATED',
    );
  });

  it('publishes the schema of the report to anybody', async () => {
    const { body, status } = await web.nobody
      .get('/api/v1/schemas/verification-report.json')
      .buffer(true)
      .parse(readBinary);
    expect(status).to.equal(200);
    expect(JSON.parse((body as Buffer).toString())).to.deep.equal(JSON.parse(JSON.stringify(reportSchema())));
  });

  it('judges by the rules of the house', async () => {
    const app = makeApp(
      { ...web.house, verificationRules: rulesNamed('strict') },
      { ratePerMinute: 1000, accountsFile: '' },
    );
    const page = await request(app).post('/verify').attach('file', ofd, 'x.ofd');
    expect(page.text).to.include('TIMESTAMP_MISSING').and.include('无效');
  });

  describe('on the public page', () => {
    it('takes a file from anybody, shows the report, and keeps an entry of it', async () => {
      const good = await web.nobody.post('/verify').attach('file', ofd, '../../证照<1>.ofd');
      expect(good.status, good.text).to.equal(200);
      expect(good.text).to.include('class="verdict valid"').and.include('证照&lt;1&gt;.ofd').and.not.include('../');
      expect(good.get('Cache-Control')).to.equal('no-store');
      const bad = await web.nobody.post('/verify').attach('file', altered(), 'x.ofd');
      expect(bad.text).to.include('class="verdict not-valid"');
      const entries = await web.house.db.rows.auditEntries.findAll({ where: { act: 'verification.file' } });
      expect(entries.filter(({ actorType }) => actorType === 'public').length).to.be.greaterThan(1);
    });

    it('refuses forms that are not one file', async () => {
      const post = (type: string, body: string) => web.nobody.post('/verify').set('Content-Type', type).send(body);
      const part = (name: string, more = '') =>
        `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\nx\r\n`;
      const file = part('file', '; filename="x.ofd"');
      const wrong = [
        '',
        '--b',
        file,
        `${file}--b`,
        `${part('other', '; filename="x"')}--b--\r\n`,
        `${part('file')}--b--\r\n`,
        `${file}${file}--b--\r\n`,
        `${file}--b--\r\nmore`,
        `preamble\r\n${file}--b--\r\n`,
      ];
      for (const body of wrong) {
        const answer = await post('multipart/form-data; boundary=b', body).set('Accept', 'application/json');
        expectProblem(answer, 400, 'REQUEST_MALFORMED');
      }
      const right = await post('multipart/form-data; boundary=b', `${file}--b--\r\n`);
      expect(right.text).to.include('UNKNOWN_FORMAT');
      const plain = await post('text/plain', 'x').set('Accept', 'application/json');
      expectProblem(plain, 415, 'MEDIA_TYPE_UNSUPPORTED');
    });

    it('takes an empty file for what it is', async () => {
      const answer = await web.nobody.post('/verify').attach('file', Buffer.alloc(0), 'empty.pdf');
      expect(answer.text).to.include('UNKNOWN_FORMAT');
    });

    it('is limited in size and in how often', async function () {
      this.timeout(30_000);
      const large = await web.nobody
        .post('/verify')
        .set('Accept', 'application/json')
        .attach('file', Buffer.alloc(51 * 1024 * 1024), 'x.ofd');
      expectProblem(large, 413, 'REQUEST_TOO_LARGE');
      const app = makeApp(web.house, { ratePerMinute: 2, accountsFile: '' });
      const answers = [];
      for (let turn = 0; turn < 3; turn += 1) answers.push((await request(app).get('/verify')).status);
      expect(answers).to.deep.equal([200, 200, 429]);
    });

    it('says when too much is under way, and when to come again', async () => {
      const verifier = makeVerificationPool({ threads: 1, waitingFiles: 0 });
      const first = verifier.judge({
        bytes: Uint8Array.from(ofd),
        material: { rules: rulesNamed('default') },
        at: new Date(0),
      });
      const app = makeApp({ ...web.house, verifier }, { ratePerMinute: 1000, accountsFile: '' });
      const answer = await request(app).post('/verify').set('Accept', 'application/json').attach('file', ofd, 'x.ofd');
      expectProblem(answer, 503, 'VERIFIER_BUSY');
      expect(answer.get('Retry-After')).to.equal('5');
      await first;
      await verifier.close();
    });
  });
});
