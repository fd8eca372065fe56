import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Test } from 'supertest';
import { makeFileBlobs } from '../../../models/store/blobs/file-blobs.ts';
import { closeDatabase } from '../../../models/store/database.ts';
import { makeApp } from '../../../server/http/app.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { approve, issue, submission, submit } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { addUser, bodyOfAnswer, expectProblem, type Hand, openWeb, signIn, storingNothing, type Web } from './web.ts';

interface Report {
  readonly valid: boolean;
  readonly signed: boolean;
  readonly identifier: string | null;
  readonly checks: readonly { name: string; outcome: string; code?: string }[];
}

async function sendPacked(test: Test, encoding: string, type: string, bytes: Buffer) {
  test.set('Content-Encoding', encoding).set('Content-Type', type).set('Content-Length', String(bytes.length));
  test.write(bytes);
  return test;
}

describe('a request that cannot be read', () => {
  let web: Web;
  let clerk: Hand;
  const path = '/api/v1/licences';

  before(async () => {
    web = await openWeb();
    clerk = await web.person('issuer.clerk');
  });

  after(() => web.close());

  it('is larger than the call takes: 413, before it is read to its end', async () => {
    const body = { ...submission(), padding: 'x'.repeat(8 * 1024 * 1024) };
    expectProblem(await storingNothing(web, async () => clerk.post(path, body)), 413, 'REQUEST_TOO_LARGE');
    const small = { case: 'x'.repeat(1024 * 1024) };
    const window = await web.person('consumer.window');
    expectProblem(await storingNothing(web, async () => window.post('/api/v1/uses', small)), 413, 'REQUEST_TOO_LARGE');
  });

  for (const [title, text] of Object.entries({
    'cut off': '{"catalogueCode": "',
    'followed by more': '{} {}',
    'with single quotes': "{'a': 1}",
    'nested without end': '['.repeat(100_000),
  })) {
    it(`is JSON ${title}`, async () => {
      const call = async () => clerk.post(path).type('application/json').send(text);
      expectProblem(await storingNothing(web, call), 400, 'REQUEST_MALFORMED');
    });
  }

  it('is not UTF-8', async () => {
    const gbk = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xd6, 0xa4, 0xff]), Buffer.from('"}')]);
    const call = async () => {
      const test = clerk.post(path).type('application/json');
      test.write(gbk);
      return test;
    };
    expectProblem(await storingNothing(web, call), 400, 'REQUEST_MALFORMED');
  });

  for (const type of ['text/plain', 'application/xml', 'multipart/form-data', 'application/x-www-form-urlencoded']) {
    it(`comes as ${type}`, async () => {
      const call = async () => clerk.post(path).type(type).send('{}');
      expectProblem(await storingNothing(web, call), 415, 'MEDIA_TYPE_UNSUPPORTED');
    });
  }

  it('comes in a compression or a character set that is not known', async () => {
    const encoded = async () => clerk.post(path).type('application/json').set('Content-Encoding', 'zstd').send('{}');
    expectProblem(await storingNothing(web, encoded), 415, 'MEDIA_TYPE_UNSUPPORTED');
    const gbk = async () => clerk.post(path).set('Content-Type', 'application/json; charset=gbk').send('{}');
    expectProblem(await storingNothing(web, gbk), 415, 'MEDIA_TYPE_UNSUPPORTED');
  });

  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    it(`is not packed as it says, or cut off: ${encoding}`, async () => {
      const sound = pack(Buffer.from(JSON.stringify(submission())));
      const broken = [Buffer.from('{"not": "packed at all, whatever it says"}'), sound.subarray(0, sound.length - 9)];
      for (const address of [path, '/api/v1/seals', '/api/v1/session', '/api/v1/verifications']) {
        for (const bytes of broken) {
          const call = () => sendPacked(clerk.post(address), encoding, 'application/json', bytes);
          expect(expectProblem(await storingNothing(web, call), 400, 'REQUEST_INVALID').detail, address).to.equal(
            'Content-Encoding',
          );
        }
      }
      const form = 'multipart/form-data; boundary=x';
      for (const bytes of broken)
        expectProblem(await sendPacked(web.nobody.post('/verify'), encoding, form, bytes), 400, 'REQUEST_INVALID');
    });

    it(`is small and unpacks to more than the call takes: ${encoding}`, async () => {
      const bomb = pack(Buffer.alloc(64 * 1024 * 1024, ' '));
      expect(bomb.length).to.be.lessThan(100_000);
      for (const address of [path, '/api/v1/seals', '/api/v1/session', '/api/v1/verifications']) {
        const call = () => sendPacked(clerk.post(address), encoding, 'application/json', bomb);
        expectProblem(await storingNothing(web, call), 413, 'REQUEST_TOO_LARGE');
      }
      const form = 'multipart/form-data; boundary=x';
      expectProblem(await sendPacked(web.nobody.post('/verify'), encoding, form, bomb), 413, 'REQUEST_TOO_LARGE');
    });
  }

  it('writes a name or a reason of blanks only', async () => {
    for (const blank of [' ', '\u3000', ' \u3000\t']) {
      const control = blank.includes('\t') ? ['/name CONTROL_CHARACTER', '/reason CONTROL_CHARACTER'] : [];
      const seal = { name: blank, purpose: blank.trimEnd() || '  ', reason: blank };
      const call = async () => clerk.post('/api/v1/seals', seal);
      expectProblem(await storingNothing(web, call), 400, 'REQUEST_INVALID', [
        '/name FIELD_REQUIRED',
        '/purpose FIELD_REQUIRED',
        '/reason FIELD_REQUIRED',
        ...control,
      ]);
      const withdraw = async () => clerk.post('/api/v1/licences/none/withdraw', { reason: blank });
      expectProblem(await storingNothing(web, withdraw), 400, 'REQUEST_INVALID', [
        '/reason FIELD_REQUIRED',
        ...control.slice(1),
      ]);
    }
  });

  it('goes to an address that is none, in whatever way', async () => {
    for (const address of [
      '/api/v1/nothing',
      '/api/v2/licences',
      '/wp-login.php',
      '/api/v1/licences/%ff',
      '/assets/../package.json',
    ]) {
      expectProblem(await clerk.get(address), 404, 'ROUTE_NOT_FOUND');
      expectProblem(await storingNothing(web, async () => clerk.post(address, {})), 404, 'ROUTE_NOT_FOUND');
    }
  });

  it('asks for a page of a list that cannot be', async () => {
    const list = (query: string) => clerk.get(`${path}?${query}`);
    expectProblem(await list('limit=0'), 400, 'REQUEST_INVALID', ['/limit FIELD_REQUIRED']);
    expectProblem(await list('limit=201'), 400, 'REQUEST_INVALID', ['/limit FIELD_TOO_LONG']);
    expectProblem(await list('limit=ten&state=lost&page=2'), 400, 'REQUEST_INVALID', [
      '/limit FIELD_TYPE',
      '/state FIELD_NOT_IN_CODE_LIST',
      '/page FIELD_UNKNOWN',
    ]);
    expectProblem(await list(`after=${'x'.repeat(65)}`), 400, 'REQUEST_INVALID', ['/after FIELD_TOO_LONG']);
  });

  it('hides invisible characters in any text, each named', async () => {
    const window = await web.person('consumer.window');
    const use = {
      case: 'A\u0000',
      matter: 'M',
      purpose: '核验\u202e资质',
      holder: { type: 'legal', number: '12345\u200b' },
    };
    const response = await storingNothing(web, async () => window.post('/api/v1/uses', use));
    expectProblem(response, 400, 'REQUEST_INVALID', [
      '/case CONTROL_CHARACTER',
      '/purpose CONTROL_CHARACTER',
      '/holder/number CONTROL_CHARACTER',
    ]);
  });

  it('hides them in its address, its query or a form', async () => {
    const auditor = await web.person('auditor');
    for (const address of [
      `${path}/%00`,
      `${path}/%00/preview`,
      `${path}/A%E2%80%AE/files/ofd`,
      '/api/v1/objections/%00',
      '/api/v1/catalogue/%00',
      '/api/v1/catalogue/%00/form',
    ])
      expectProblem(await clerk.get(address), 404, 'NOT_FOUND');
    expectProblem(await clerk.post('/api/v1/catalogue/%00/retire', {}), 404, 'NOT_FOUND');
    for (const page of ['/fill/%00', '/v/%00']) expect((await clerk.get(page)).status, page).to.equal(404);
    expect((await clerk.post('/fill/%00').type('form').send({})).status).to.equal(404);
    const after = ['/after CONTROL_CHARACTER'];
    expectProblem(await clerk.get(`${path}?after=%00`), 400, 'REQUEST_INVALID', after);
    const act = ['/act CONTROL_CHARACTER'];
    expectProblem(await auditor.get('/api/v1/audit/entries?act=%00'), 400, 'REQUEST_INVALID', act);
    const secret = { grant_type: 'client_credentials', client_id: 'a\u0000', client_secret: 'x' };
    const id = ['/client_id CONTROL_CHARACTER'];
    expectProblem(await web.nobody.post('/oauth/token', secret), 400, 'REQUEST_INVALID', id);
    expectProblem(await web.nobody.post('/oauth/token').type('form').send(secret), 400, 'REQUEST_INVALID', id);
    const basic = web.nobody
      .post('/oauth/token')
      .auth('a%00', 'x')
      .type('form')
      .send({ grant_type: secret.grant_type });
    expectProblem(await basic, 400, 'REQUEST_INVALID', id);
    const login = await web.nobody.post('/login').type('form').send({ name: 'a\u0000', password: 'x' });
    expect(login.status).to.equal(401);
  });

  it('answers under the request id that the caller gave, if it is plain', async () => {
    const given = await clerk.get('/api/v1/nothing').set('X-Request-Id', 'case-0001-abc');
    expect(expectProblem(given, 404, 'ROUTE_NOT_FOUND').requestId).to.equal('case-0001-abc');
    const foul = await clerk.get('/api/v1/nothing').set('X-Request-Id', 'a b<script>');
    expect(expectProblem(foul, 404, 'ROUTE_NOT_FOUND').requestId).to.match(/^[0-9A-Z]{26}$/);
  });
});

describe('a file handed in for verification', () => {
  let web: Web;
  let clerk: Hand;
  const verify = async (bytes: Buffer) => {
    const response = await clerk.post('/api/v1/verifications').type('application/octet-stream').send(bytes);
    expect(response.status, response.text).to.equal(200);
    return bodyOfAnswer<Report>(response);
  };
  const download = async (licenceId: string, format: string) => {
    const response = await clerk.get(`/api/v1/licences/${licenceId}/files/${format}`).buffer(true).parse(readBinary);
    expect(response.status).to.equal(200);
    return response.body as Buffer;
  };

  before(async () => {
    web = await openWeb();
    clerk = await web.person('issuer.clerk');
  });

  after(() => web.close());

  it('is ours and valid, and is recognised', async () => {
    const { licenceId, identifier } = await issue(web);
    for (const format of ['ofd', 'pdf']) {
      const report = await verify(await download(licenceId, format));
      expect(report, JSON.stringify(report.checks)).to.include({ valid: true, signed: true, identifier });
    }
  });

  it('is none: there is no body, or an empty one', async () => {
    for (const address of ['/api/v1/verifications', '/api/v1/verifications/print']) {
      expectProblem(await clerk.post(address), 400, 'FILE_REQUIRED');
      expectProblem(await clerk.post(address).type('application/ofd').send(Buffer.alloc(0)), 400, 'FILE_REQUIRED');
    }
  });

  it('is not what it says, and is told apart from a licence', async () => {
    for (const bytes of [
      Buffer.from('%PDF-1.7\nnothing'),
      Buffer.from('PK\x03\x04nothing'),
      Buffer.from('甲方乙方'),
      Buffer.alloc(1),
    ]) {
      const report = await verify(bytes);
      expect(report).to.include({ valid: false, identifier: null });
      expect(report.checks.some(({ outcome, code }) => outcome === 'failed' && code)).to.equal(true);
    }
  });

  it('was altered after sealing, by a single bit', async () => {
    const { licenceId } = await issue(web);
    for (const format of ['ofd', 'pdf']) {
      const bytes = await download(licenceId, format);
      const at = format === 'pdf' ? bytes.indexOf('stream') + 12 : Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(await verify(bytes), format).to.include({ valid: false, identifier: null });
    }
  });

  it('is genuine, but its licence was revoked meanwhile', async () => {
    const { licenceId, identifier } = await issue(web);
    const change = { act: 'revoke', legalBasis: '行政处罚决定', reason: '吊销' };
    expect((await clerk.post(`/api/v1/licences/${licenceId}/status`, change)).status).to.equal(200);
    const report = await verify(await download(licenceId, 'ofd'));
    expect(report).to.include({ valid: false, identifier });
    expect(report.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).to.deep.equal([
      'status',
    ]);
  });
});

describe('an error that nobody foresaw', () => {
  it('never shows its text: the database is gone', async () => {
    const web = await openWeb();
    const clerk = await web.person('issuer.clerk');
    await closeDatabase(web.house.db);
    for (const call of [
      clerk.get('/api/v1/licences'),
      clerk.post('/api/v1/licences', submission()),
      web.nobody.get('/metrics'),
    ]) {
      const response = await call;
      expectProblem(response, 500, 'INTERNAL');
      expect(response.text).to.not.match(/connection|sequelize|sqlite|\.ts|at /i);
    }
    expect((await web.nobody.get('/readyz')).status).to.equal(503);
    expect((await web.nobody.get('/healthz')).status).to.equal(200);
    expect(web.log.some(({ fields }) => fields.code === 'INTERNAL' && fields.error instanceof Error)).to.equal(true);
  });

  it('leaves a licence as it was: the file store fails while sealing', async () => {
    const web = await openWeb();
    const licenceId = await submit(web);
    await approve(web, licenceId);
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, 'blobs'), 'a file where the folder should be');
    const house = { ...web.house, blobs: makeFileBlobs(join(folder.path, 'blobs')) };
    await addUser(house, { loginName: 'keeper', roles: ['issuer.seal-keeper'], organisationCode: ISSUER });
    const app = makeApp(house, { ratePerMinute: 1000, accountsFile: '' });
    const broken = await (await signIn(app, 'keeper')).post(`/api/v1/licences/${licenceId}/seal`, {});
    expectProblem(broken, 500, 'INTERNAL');
    expect(broken.text).to.not.match(/ENOTDIR|blobs|zhengku-test/);
    const [intent] = await web.house.db.rows.intents.findAll();
    expect(intent).to.include({ state: 'voided', reason: 'sealing failed' });
    const keeper = await web.person('issuer.seal-keeper');
    expect((await keeper.post(`/api/v1/licences/${licenceId}/seal`, {})).status).to.equal(200);
    folder.remove();
    await web.close();
  });
});
