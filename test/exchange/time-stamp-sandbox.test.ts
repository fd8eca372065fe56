import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type RunningTrust, startTrust } from '../../server/sandbox/trust/start-trust.ts';
import { fromPemOrDer, parseCertificate, writeTimeStampRequest } from '../../signing/index.ts';
import { parseTimeStampResponse } from '../../signing/tsp/time-stamp-response.ts';
import { FixedClock } from '../world/fixed-clock.ts';
import { PROGRAM } from '../world/program.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';

const call = promisify(execFile);
const FONTS = fileURLToPath(new URL('../../assets/fonts', import.meta.url));

describe('the sandbox’s trust services', () => {
  let folder: TemporaryFolder;
  let trust: RunningTrust;
  const clock = new FixedClock();
  const start = (authorityDir?: string) =>
    startTrust({
      ...{ port: 0, bind: '127.0.0.1', dataDir: join(folder.path, 'data'), clock: () => clock.now(), fontDir: FONTS },
      random: (count) => randomBytes(count),
      ...(authorityDir === undefined ? {} : { authorityDir }),
    });
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/timestamp-query') =>
    fetch(`${trust.urls.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  const rootOf = (name: string): string => readFileSync(join(trust.urls.trustDir, name), 'latin1');

  before(async () => {
    folder = temporaryFolder();
    trust = await start();
  });
  after(async () => {
    await trust?.close();
    folder.remove();
  });

  it('keep their keys for their owner, and their roots for everybody', () => {
    const authority = join(folder.path, 'data', 'authority');
    const files = readdirSync(authority);
    expect(files.filter((name) => name.endsWith('.key.pem'))).to.have.length(7);
    for (const name of files.filter((one) => one.endsWith('.key.pem'))) {
      expect(statSync(join(authority, name)).mode & 0o777, name).to.equal(0o600);
    }
    const names = ['rsa', 'sm2'].flatMap((kind) => [`${kind}-root.pem`, `${kind}-issuing.pem`]);
    expect(readdirSync(trust.urls.trustDir)).to.have.members(names);
    const [root] = fromPemOrDer(Buffer.from(rootOf('sm2-root.pem')), 'CERTIFICATE');
    expect(parseCertificate(root ?? new Uint8Array()).subject).to.contain('测试专用');
  });

  it('are the same after a new start, also from a folder given to them', async () => {
    const roots = ['sm2-root.pem', 'rsa-root.pem'].map(rootOf);
    await trust.close();
    trust = await start(join(folder.path, 'data', 'authority'));
    expect(['sm2-root.pem', 'rsa-root.pem'].map(rootOf)).to.deep.equal(roots);
  });

  it('refuse a folder that is not whole rather than make new keys over old ones', async () => {
    const other = await startTrust({
      ...{ port: 0, bind: '127.0.0.1', dataDir: join(folder.path, 'other'), clock: () => clock.now(), fontDir: FONTS },
      random: (count) => randomBytes(count),
    });
    await other.close();
    const authority = join(folder.path, 'other', 'authority');
    rmSync(join(authority, 'sm2-root.pem'));
    const error: unknown = await start(authority).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.have.property('code', 'ENOENT');
  });

  it('explain themselves on the command line, and want a folder', async function () {
    this.timeout(30_000);
    const run = (...args: string[]) => call(process.execPath, [PROGRAM, 'sandbox', 'trust', ...args]);
    expect((await run('--help')).stdout).to.contain('--data DIR');
    const refused: unknown = await run('--port', '0').catch((error: unknown) => error);
    expect(refused).to.have.property('code', 2);
  });

  it('answer what cannot be read with a refusal, and other things with a status', async () => {
    for (const path of ['/tsa/sm2', '/tsa/rsa']) {
      for (const body of ['nonsense', '']) {
        const answer = await post(path, body);
        expect(answer.headers.get('content-type')).to.equal('application/timestamp-reply');
        const { status, failures } = parseTimeStampResponse(new Uint8Array(await answer.arrayBuffer()));
        expect({ status, failures }).to.deep.equal({ status: 'rejection', failures: ['badDataFormat'] });
      }
      expect((await post(path, '{}', 'application/json')).status).to.equal(415);
      expect((await post(path, new Uint8Array(100_000))).status).to.equal(413);
    }
    expect((await post('/tsa/none', 'x')).status).to.equal(404);
  });

  it('say that something is wrong when their own certificate is not valid, and stamp again when it is', async () => {
    const asked = writeTimeStampRequest({ hash: 'sm3', digest: randomBytes(32) });
    const statusOf = async () => (await post('/tsa/sm2', Uint8Array.from(asked))).status;
    const now = clock.now();
    clock.advance({ days: 365 * 30 });
    expect(await statusOf()).to.equal(500);
    clock.set(now);
    expect(await statusOf()).to.equal(200);
  });
});
