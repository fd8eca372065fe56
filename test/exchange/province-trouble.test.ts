import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { connectHttp } from '../../exchange/province/http/connect.ts';
import type { Province } from '../../exchange/province/http/line.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { type Library, openLibrary } from '../../server/sandbox/province/library.ts';
import { fromPemOrDer } from '../../signing/index.ts';
import { PROGRAM } from '../world/program.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';

const LICENCES = 6;

/** The province as a process of its own, and a gate before it that does as a test says. */
describe('a province in trouble', function () {
  this.timeout(60_000);
  let house: TestHouse;
  let folder: TemporaryFolder;
  let library: Library;
  let child: ChildProcess;
  let childUrl = '';
  let gate: Server;
  let province: Province;
  /** Batches that were sent. */
  let knocks = 0;
  /** Answers by itself and returns true, or lets the request through. */
  let hold: (response: ServerResponse) => boolean = () => false;
  /** Runs while the province works on a request. */
  let meanwhile: () => void = () => undefined;

  const startChild = async () => {
    const args = ['--data', join(folder.path, 'province'), '--trust', join(folder.path, 'trust')];
    args.push('--city-certificate', join(folder.path, 'city.cer'));
    child = spawn(process.execPath, [PROGRAM, 'sandbox', 'province', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!child.stdout) throw new Error('no output');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url, keyFile } = JSON.parse(line) as { url: string; keyFile: string };
    childUrl = url;
    return keyFile;
  };

  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST') knocks += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (hold(response)) return;
    const headers = { 'x-zhengku-signature': String(request.headers['x-zhengku-signature']) };
    const { method = 'GET' } = request;
    const body = method === 'POST' ? { body: Buffer.concat(chunks) } : {};
    const answer = fetch(`${childUrl}${request.url}`, { method, headers, ...body });
    meanwhile();
    await answer.then(
      async (through) => {
        const signature = through.headers.get('x-zhengku-signature') ?? '';
        response.writeHead(through.status, { 'x-zhengku-signature': signature }).end(await through.text());
      },
      () => response.destroy(),
    );
  };

  before(async () => {
    house = await openFurnishedHouse();
    folder = temporaryFolder();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    writeFileSync(join(folder.path, 'city.cer'), certificates[0] ?? '');
    mkdirSync(join(folder.path, 'trust'));
    for (const [index, one] of (await loadTrust(house)).entries())
      writeFileSync(join(folder.path, 'trust', `${index}.cer`), one);
    const [publicKey] = fromPemOrDer(readFileSync(await startChild()), 'PUBLIC KEY');
    library = openLibrary(join(folder.path, 'province', 'province.db'));
    gate = createServer((request, response) => void pass(request, response));
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
    province = { url, publicKey: publicKey ?? new Uint8Array() };
    for (let serial = 1; serial <= LICENCES; serial += 1) {
      const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
      const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
      const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
      await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
      await sealLicence(house, sealKeeper, licenceId);
    }
  });

  after(async () => {
    gate.close();
    library.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
    await house.close();
    folder.remove();
  });

  for (const [status, words, minutes, headerAt] of [
    [503, 'of two minutes', 2, () => '120'],
    [429, 'of a date in five minutes', 5, (now: Date) => new Date(now.getTime() + 300_000).toUTCString()],
    [503, 'of eleven days', 15, () => '999999'],
  ] as const) {
    it(`that answers ${status} with a Retry-After ${words} is left alone for ${minutes} minutes, and no longer`, async () => {
      const header = headerAt(house.clock());
      knocks = 0;
      hold = (response) => Boolean(response.writeHead(status, { 'retry-after': header }).end());
      await house.db.rows.outbox.update({ runAt: house.clock() }, { where: { state: 'waiting' } });
      expect(await pushToProvince(house, connectHttp(house, province))).to.deep.equal({
        done: 0,
        delayed: LICENCES + 1,
        failed: 0,
      });
      expect(knocks).to.equal(1);
      house.time.advance({ minutes: minutes - 1, seconds: 59 });
      expect(await pushToProvince(house, connectHttp(house, province))).to.deep.equal({
        done: 0,
        delayed: 0,
        failed: 0,
      });
      expect(knocks).to.equal(1);
      house.time.advance({ seconds: 1 });
      await pushToProvince(house, connectHttp(house, province));
      expect(knocks).to.equal(2);
      house.time.advance({ minutes: 16 });
    });
  }

  it('that is killed in the middle of a batch and started again has everything once, and acknowledges all', async () => {
    hold = () => false;
    let died: Promise<unknown> = Promise.resolve();
    // Killed when it has stored something of the batch and not answered yet.
    meanwhile = () => {
      if (library.count() === 0) return void setImmediate(meanwhile);
      meanwhile = () => undefined;
      died = once(child, 'exit');
      child.kill('SIGKILL');
    };
    await house.db.rows.outbox.update({ runAt: house.clock() }, { where: { state: 'waiting' } });
    expect(await pushToProvince(house, connectHttp(house, province))).to.deep.equal({
      done: 0,
      delayed: LICENCES + 1,
      failed: 0,
    });
    await died;
    const stored = library.page('', 1000);
    expect(stored.length).to.be.within(1, LICENCES + 1);
    meanwhile = () => undefined;
    await startChild();
    house.time.advance({ minutes: 20 });
    expect(await pushToProvince(house, connectHttp(house, province))).to.deep.equal({
      done: LICENCES + 1,
      delayed: 0,
      failed: 0,
    });
    const all = library.page('', 1000);
    expect(all.length).to.equal(LICENCES + 1);
    expect(all.filter(({ subject }) => stored.some((one) => one.subject === subject))).to.deep.equal(stored);
    for (const { subject } of all.filter((one) => one.subject.startsWith('licence:')))
      expect(library.files(subject).map(({ name }) => name)).to.deep.equal(['licence.ofd', 'licence.pdf']);
    expect(await house.db.rows.provinceStates.count({ where: { state: 'acknowledged' } })).to.equal(LICENCES + 1);
    expect(await pushToProvince(house, connectHttp(house, province))).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
  });
});
