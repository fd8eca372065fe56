import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openKey } from '../../../models/seal/keys.ts';
import { type ReportDocument, stamp } from '../../../signing/index.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { writeStampV4 } from '../../../signing/seal/ses-v4.ts';
import { openOutsideMaker } from '../../world/outside-maker.ts';
import { requireProgram } from '../../world/programs.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { bodyOfAnswer } from '../http/web.ts';
import { failedIn, type IssuedFiles, issueFiles, verifyOffline } from './issued-files.ts';
import type { Meddler } from './meddler.ts';
import { type OutsideHouse, openOutsideHouse } from './outside-house.ts';
import { altered, away, expectTrouble, say } from './troubles.ts';

const OTHER_DIGEST = Buffer.alloc(32, 1).toString('base64');

interface AskedSeal {
  readonly dataHash: string;
  readonly propertyInfo: string;
  readonly at: string;
}

describe('a seal that a service outside presses, with time-stamps from outside', function () {
  this.timeout(30_000);
  let world: OutsideHouse;
  let issued: IssuedFiles;
  let reports: readonly ReportDocument[];

  before(async function () {
    this.timeout(90_000);
    world = await openOutsideHouse({ pressedBy: 'service', pdfSignatures: 'rsa+sm2', timeStamps: true });
    issued = await issueFiles(world);
    reports = await verifyOffline(world, [issued.ofd, issued.pdf]);
  });
  after(() => world?.close());

  it('stands on both files, which a stranger who knows the roots finds valid', () => {
    expect(reports.map(({ valid, trusted }) => ({ valid, trusted }))).to.deep.equal([
      { valid: true, trusted: true },
      { valid: true, trusted: true },
    ]);
    expect(reports.flatMap(failedIn)).to.deep.equal([]);
  });

  it('is the second signature of the PDF, a stamp of the service over all that came before', () => {
    expect(reports[1]?.signatures.map(({ kind, signatureAlgorithm }) => [kind, signatureAlgorithm])).to.deep.equal([
      ['signature', 'RSA'],
      ['seal', 'SM2'],
    ]);
    expect(reports[1]?.signatures[1]).to.deep.include({ where: 'signature 2' });
    expect(reports[1]?.signatures[1]?.seal).to.include({ name: '集中签章服务电子证照专用章' });
    expect(reports[1]?.signatures[1]?.covers).to.include({ whole: true });
    expect(readFileSync(issued.pdf, 'latin1')).to.contain('/SubFilter /GM.sm2seal');
  });

  it('has every signature proven by a time-stamp', () => {
    const signatures = reports.flatMap((report) => report.signatures);
    expect(signatures).to.have.length(4);
    for (const { where, claimedAt, provenAt } of signatures) {
      const apart = Date.parse(provenAt ?? '') - Date.parse(claimedAt ?? '');
      expect(apart, where).to.be.within(0, 60_000);
    }
  });

  it('gives a PDF that qpdf finds sound', async function () {
    const { stdout } = await promisify(execFile)(requireProgram(this, 'qpdf'), ['--check', issued.pdf]);
    expect(stdout).to.contain('No syntax or stream encoding errors found');
  });

  it('is found valid by the house itself', async () => {
    const clerk = await world.person('issuer.clerk');
    for (const [path, type] of [
      [issued.ofd, 'application/ofd'],
      [issued.pdf, 'application/pdf'],
    ] as const) {
      const answer = await clerk.post('/api/v1/verifications').type(type).send(readFileSync(path));
      expect(bodyOfAnswer(answer), answer.text).to.include({ valid: true, trusted: true });
    }
  });

  it('has its uses on record, with the key that is used beside it', async () => {
    const [use] = await world.house.db.rows.sealUses.findAll({ where: { sealId: world.sealId } });
    expect(use?.get()).to.include({ outcome: 'done' });
    expect(use?.keyIds).to.deep.equal([world.keyIds.RSA]);
  });

  it('is not pressed while its service is away or refuses, and again after that', async () => {
    const path = '/seal';
    await expectTrouble(world, { path, meddling: away, status: 503, code: 'KEY_SERVICE_UNAVAILABLE' });
    await expectTrouble(world, { path, meddling: say(500, ''), status: 503, code: 'KEY_SERVICE_UNAVAILABLE' });
    const meddling = say(404, '{"code":"SEAL_UNKNOWN"}');
    const refused = { path, meddling, status: 409, code: 'KEY_SERVICE_REFUSED', detail: 'SEAL_UNKNOWN' } as const;
    await expectTrouble(world, refused);
  });

  const unfit = (reason: string) =>
    ({ path: '/seal', status: 409, code: 'SEALING_FAILED', detail: `SEAL_UNFIT ${reason}` }) as const;
  const passOn = (change: (body: Buffer) => Buffer): Parameters<Meddler['meddle']>[1] => {
    return async ({ body, forward }, response) => {
      const answer = await forward(change(body));
      response.writeHead(answer.status).end(answer.body);
    };
  };

  it('goes into no file when it was pressed on something else, or is none', async () => {
    const other = passOn((body) => altered(body, { dataHash: OTHER_DIGEST }));
    await expectTrouble(world, { ...unfit('DIGEST_MISMATCH'), meddling: other });
    const elsewhere = passOn((body) => altered(body, { propertyInfo: '/Doc_0/Signs/Sign_9/Signature.xml' }));
    await expectTrouble(world, { ...unfit('DIGEST_MISMATCH'), meddling: elsewhere });
    await expectTrouble(world, { ...unfit('SIGNATURE_MALFORMED'), meddling: say(200, '{"stamp":"MAA="}') });
  });

  it('goes into no file with a time-stamp of the service that proves nothing', () =>
    expectTrouble(world, {
      ...{ path: '/seal', status: 409, code: 'SEALING_FAILED' },
      async meddling({ forward }, response) {
        const { stamp: given } = JSON.parse((await forward()).body.toString('utf8')) as { stamp: string };
        const { signedBytes, certificate, signatureBytes } = parseSesSignature(Buffer.from(given, 'base64'));
        const pressed = writeStampV4(signedBytes, certificate, signatureBytes, Buffer.from('3000', 'hex'));
        response.end(JSON.stringify({ stamp: Buffer.from(pressed).toString('base64') }));
      },
    }));

  it('goes into no file when it is another seal', async () => {
    const maker = await openOutsideMaker(world.house);
    const { eseal, certificates, sm2KeyId } = await maker.sealFor(ISSUER, '另一平台');
    const { key } = await openKey(world.house, sm2KeyId);
    await expectTrouble(world, {
      ...unfit('SEAL_MISMATCH'),
      async meddling({ body }, response) {
        const { dataHash, propertyInfo, at } = JSON.parse(body.toString('utf8')) as AskedSeal;
        const pressed = await stamp({
          ...{ seal: eseal, at: new Date(at), dataHash: Buffer.from(dataHash, 'base64'), propertyInfo },
          signer: { key, certificate: certificates[0] ?? new Uint8Array() },
        });
        response.end(JSON.stringify({ stamp: Buffer.from(pressed).toString('base64') }));
      },
    });
  });

  for (const path of ['/tsa/sm2', '/tsa/rsa']) {
    it(`goes into no file without the time-stamp of ${path}`, async () => {
      await expectTrouble(world, { path, meddling: away, status: 503, code: 'TIME_STAMP_UNAVAILABLE' });
      await expectTrouble(world, { path, meddling: say(503, ''), status: 503, code: 'TIME_STAMP_UNAVAILABLE' });
      const refused = { path, status: 409, code: 'TIME_STAMP_REFUSED' } as const;
      await expectTrouble(world, { ...refused, meddling: say(200, 'nonsense') });
      // the imprint's last octets: a time-stamp of something else
      const other = passOn((body) => {
        const request = Buffer.from(body);
        const at = request.indexOf(Buffer.from('0420', 'hex')) + 2;
        request[at] = (request[at] ?? 0) ^ 1;
        return request;
      });
      await expectTrouble(world, { ...refused, meddling: other });
    });
  }
});
