import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { application, CODE, makeRecipient, type Recipient } from '../../models/analysis/analysis-world.ts';
import { PROGRAM } from '../../world/program.ts';
import { requireProgram } from '../../world/programs.ts';
import { COMPANY } from '../../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { runDeliveries } from './analysis-answers.ts';
import { issue } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { bodyOfAnswer, expectProblem, type Hand, openWeb, storingNothing, type Web } from './web.ts';

interface Analysis {
  readonly number: string;
  readonly state: string;
  readonly delivery: { readonly rows: number[]; readonly sm3: string; readonly sizeBytes: number } | null;
}
interface Notices {
  readonly items: readonly { readonly kind: string; readonly facts: Readonly<Record<string, unknown>> }[];
}

describe('a bulk analysis over HTTP', () => {
  let web: Web;
  let approver: Hand;
  let officer: Hand;
  let recipient: Recipient;
  let folder: TemporaryFolder;
  const at = (name: string) => join(folder.path, name);
  const path = '/api/v1/analyses';

  before(async function () {
    this.timeout(60_000);
    requireProgram(this, 'openssl');
    folder = temporaryFolder();
    web = await openWeb();
    [approver, officer] = [await web.person('consumer.approver'), await web.person('bureau.officer')];
    recipient = await makeRecipient(web.house.clock());
    await issue(web);
  });

  after(async () => {
    await web.close();
    folder.remove();
  });

  const apply = async () =>
    bodyOfAnswer<Analysis>(await approver.post(path, application(recipient, { mostDownloads: 1 }))).number;
  const kindsTold = async (hand: Hand, number: string) =>
    bodyOfAnswer<Notices>(await hand.get('/api/v1/notices'))
      .items.filter(({ facts }) => facts.number === number)
      .map(({ kind }) => kind);

  it('goes from the application to a file that OpenSSL and zhengku open with the recipient’s key', async function () {
    this.timeout(30_000);
    const number = await apply();
    expect(await kindsTold(officer, number)).to.deep.equal(['analysis.filed']);
    const count = bodyOfAnswer<{ total: number }>(await officer.get(`${path}/${number}/count`));
    expect(count.total).to.equal(1);
    expectProblem(await approver.get(`${path}/${number}/count`), 403, 'FORBIDDEN');
    const decision = { decision: 'granted', reason: '必要', narrowed: { mostRows: 501 } };
    const wider = await storingNothing(web, async () => officer.post(`${path}/${number}/decision`, decision));
    expect(wider.text).to.include('/narrowed/mostRows').and.include('GRANT_WIDER');
    const granted = await officer.post(`${path}/${number}/decision`, { ...decision, narrowed: { mostRows: 5 } });
    expect(bodyOfAnswer<Analysis>(granted).state).to.equal('granted');
    await runDeliveries(web);
    const { state, delivery } = bodyOfAnswer<Analysis>(await approver.get(`${path}/${number}`));
    expect([state, delivery?.rows]).to.deep.equal(['ready', [1]]);
    expect(await kindsTold(approver, number)).to.have.members(['analysis.decided', 'analysis.ready']);
    const fetch = () => approver.post(`${path}/${number}/download`, {}).set('Idempotency-Key', 'fetched');
    const response = await fetch().buffer(true).parse(readBinary);
    // The answer was lost: the same bytes again, logged and not counted.
    const again = await fetch().buffer(true).parse(readBinary);
    expect(again.get('Idempotent-Replayed')).to.equal('true');
    expect((again.body as Buffer).equals(response.body as Buffer)).to.equal(true);
    const logged = await web.house.db.rows.auditEntries.count({ where: { act: 'analysis.download' } });
    expect([logged, (await web.house.db.rows.analyses.findOne({ where: { number } }))?.downloads]).to.deep.equal([
      2, 1,
    ]);
    expect(response.get('Content-Disposition')).to.equal(`attachment; filename="${number}.zip.p7m"`);
    writeFileSync(at('delivery'), response.body as Buffer);
    const { files } = readPackage(openByOpenssl());
    const csv = Buffer.from(files.get(`${CODE}.csv`) ?? '').toString('utf8');
    expect(csv).to.include('样例建设有限公司').and.not.include(COMPANY);
    expect(Buffer.from(files.get('README.txt') ?? '').toString('utf8'))
      .to.include(number)
      .and.include('样例市政务服务中心');
    const argv = ['analysis', 'open', at('delivery'), '--key', at('key.pem'), '--to', at('opened.zip')];
    const opened = spawnSync(process.execPath, [PROGRAM, ...argv], { encoding: 'utf8' });
    expect([opened.status, opened.stdout], opened.stderr).to.deep.equal([0, `SM3 ${delivery?.sm3}\n`]);
    expect(readFileSync(at('opened.zip')).equals(readFileSync(at('plain.zip')))).to.equal(true);
    // Not written over, and of an altered one nothing is left.
    expect(spawnSync(process.execPath, [PROGRAM, ...argv]).status).to.equal(1);
    expect(readFileSync(at('opened.zip')).equals(readFileSync(at('plain.zip')))).to.equal(true);
    const cut = readFileSync(at('delivery'));
    cut[cut.length - 1] = (cut.at(-1) ?? 0) ^ 1;
    writeFileSync(at('altered'), cut);
    const altered = spawnSync(
      process.execPath,
      [PROGRAM, 'analysis', 'open', at('altered'), '--key', at('key.pem'), '--to', at('altered.zip')],
      { encoding: 'utf8' },
    );
    expect([altered.status, altered.stderr]).to.deep.equal([1, 'zhengku: the content was altered\n']);
    expect(existsSync(at('altered.zip'))).to.equal(false);
    expectProblem(await approver.post(`${path}/${number}/download`, {}), 403, 'ANALYSIS_SPENT');
  });

  it('is taken back by the applicant before it is decided, and by the bureau afterwards', async () => {
    const [withdrawn, revoked] = [await apply(), await apply()];
    expect(bodyOfAnswer<Analysis>(await approver.post(`${path}/${withdrawn}/withdraw`, {})).state).to.equal(
      'withdrawn',
    );
    const grant = { decision: 'granted', reason: '必要' };
    expectProblem(await officer.post(`${path}/${withdrawn}/decision`, grant), 409, 'STATE_CONFLICT');
    await officer.post(`${path}/${revoked}/decision`, grant);
    await officer.post(`${path}/${revoked}/revoke`, { reason: '用途不符' });
    await runDeliveries(web);
    expectProblem(await approver.post(`${path}/${revoked}/download`, {}), 409, 'STATE_CONFLICT');
    expect(await kindsTold(approver, revoked)).to.have.members(['analysis.decided', 'analysis.revoked']);
    const { items } = bodyOfAnswer<{ items: Analysis[] }>(await officer.get(`${path}?state=withdrawn`));
    expect(items.map(({ number }) => number)).to.deep.equal([withdrawn]);
  });

  /** The recipe of docs/analysis.md. */
  function openByOpenssl(): Buffer {
    const key = createPrivateKey({ key: Buffer.from(recipient.pkcs8), format: 'der', type: 'pkcs8' });
    writeFileSync(at('key.pem'), key.export({ format: 'pem', type: 'pkcs8' }));
    const guide = readFileSync('docs/analysis.md', 'utf8');
    const script = /```sh\n(# OpenSSL[\s\S]*?)```/.exec(guide)?.[1] ?? 'exit 9';
    execFileSync('sh', ['-eu', '-c', script, 'sh', 'delivery', 'key.pem', 'plain.zip'], { cwd: folder.path });
    return readFileSync(at('plain.zip'));
  }
});
