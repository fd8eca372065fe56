import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeTimeStamper, type TimeStamperOptions } from '../../exchange/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { parseSignedData } from '../../signing/cms/read-signed-data.ts';
import { writeSignedData } from '../../signing/cms/write-signed-data.ts';
import { fromPemOrDer } from '../../signing/index.ts';
import { checkTimeStamp } from '../../signing/tsp/check-time-stamp.ts';
import { writeGrantedResponse, writeRejection } from '../../signing/tsp/time-stamp-response.ts';
import { trustStoreOf } from '../../signing/x509/trust-store.ts';
import { makeMember } from '../signing/x509/certificates.ts';
import { requireProgram } from '../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import { startTrustProcess, type TrustProcess } from './trust-process.ts';

const STAMPED = Buffer.from('签名值');
const DIGESTS = {
  sha256: createHash('sha256').update(STAMPED).digest(),
  sm3: createHash('sm3').update(STAMPED).digest(),
} as const;
const REPLY = { 'content-type': 'application/timestamp-reply' };

describe('time-stamps over HTTP', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  let sandbox: TrustProcess;
  /** Stands between; asks the sandbox unless told to do something else. */
  let gate: Server;
  let gateUrl = '';
  let knocks = 0;
  let act: (response: ServerResponse, query: Buffer) => unknown;

  const ask = async (query: Buffer): Promise<Uint8Array> => {
    const headers = { 'content-type': 'application/timestamp-query' };
    const answer = await fetch(sandbox.urls.tsaRsa, { method: 'POST', headers, body: new Uint8Array(query) });
    return new Uint8Array(await answer.arrayBuffer());
  };
  const passOn = async (response: ServerResponse, query: Buffer): Promise<unknown> =>
    response.writeHead(200, REPLY).end(await ask(query));
  const stamperAt = (url: string, more: Partial<TimeStamperOptions> = {}) =>
    makeTimeStamper({
      ...{ url, hash: 'sha256', clock: () => new Date(), random: (count) => randomBytes(count), fetch },
      ...more,
    });
  /** The code and detail of the fault with which the gate’s answer is met. */
  const faultBy = async (how: typeof act, more: Partial<TimeStamperOptions> = {}): Promise<string> => {
    act = how;
    knocks = 0;
    const { hash = 'sha256' } = more;
    const fault: unknown = await stamperAt(gateUrl, more)
      .stamp(DIGESTS[hash])
      .then(
        () => 'stamped',
        (error: unknown) => error,
      );
    return fault instanceof Fault ? `${fault.code} ${fault.detail ?? ''}`.trim() : String(fault);
  };

  before(async () => {
    folder = temporaryFolder();
    sandbox = await startTrustProcess(folder.path);
    gate = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        knocks += 1;
        act(response, Buffer.concat(parts));
      });
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    gateUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/`;
  });

  after(async () => {
    gate?.closeAllConnections();
    gate?.close();
    await sandbox?.stop();
    folder.remove();
  });

  for (const [kind, hash] of [
    ['rsa', 'sha256'],
    ['sm2', 'sm3'],
  ] as const) {
    it(`come from the sandbox with ${kind}, and prove the time to whoever trusts its root`, async () => {
      const { tsaRsa, tsaSm2, trustDir } = sandbox.urls;
      const token = await stamperAt(kind === 'rsa' ? tsaRsa : tsaSm2, { hash }).stamp(DIGESTS[hash]);
      const certificates = fromPemOrDer(readFileSync(join(trustDir, `${kind}-root.pem`)), 'CERTIFICATE');
      const store = trustStoreOf({ certificates, at: new Date() });
      const { check, at } = checkTimeStamp(token, STAMPED, store, '');
      expect(check.outcome).to.equal('passed');
      expect(at).to.be.instanceOf(Date);
    });
  }

  it('are accepted by OpenSSL as they come', async function () {
    const openssl = requireProgram(this, 'openssl');
    writeFileSync(join(folder.path, 'token'), await stamperAt(sandbox.urls.tsaRsa).stamp(DIGESTS.sha256));
    writeFileSync(join(folder.path, 'stamped'), STAMPED);
    const trust = ['-CAfile', join(sandbox.urls.trustDir, 'rsa-root.pem')];
    const what = ['ts', '-verify', '-token_in', '-in', 'token', '-data', 'stamped', ...trust];
    expect(execFileSync(openssl, what, { cwd: folder.path, stdio: 'pipe' }).toString()).to.contain('OK');
  });

  it('go into a signature that is made while they are fetched', async () => {
    const now = new Date();
    const dates = { notBefore: new Date(now.getTime() - 1000), notAfter: new Date(now.getTime() + 3_600_000) };
    const { key, certificate } = await makeMember('SM2', 'root', 'Signer', undefined, dates);
    const timeStamper = stamperAt(sandbox.urls.tsaSm2, { hash: 'sm3' });
    const signed = parseSignedData(
      await writeSignedData({ key, certificate, chain: [], at: now, timeStamper }, DIGESTS.sm3),
    );
    const [token] = [...signed.unsignedAttributes.values()].flat();
    const certificates = fromPemOrDer(readFileSync(join(sandbox.urls.trustDir, 'sm2-root.pem')), 'CERTIFICATE');
    const store = trustStoreOf({ certificates, at: now });
    expect(checkTimeStamp(token?.raw ?? new Uint8Array(), signed.signature, store, '').check.outcome).to.equal(
      'passed',
    );
  });

  it('are fetched again once when the connection fails, and no more than once', async () => {
    act = (response, query) => (knocks === 1 ? response.destroy() : passOn(response, query));
    knocks = 0;
    expect(await stamperAt(gateUrl).stamp(DIGESTS.sha256)).to.be.instanceOf(Uint8Array);
    expect(knocks).to.equal(2);
    expect(await faultBy((response) => response.destroy())).to.equal('TIME_STAMP_UNAVAILABLE');
    expect(knocks).to.equal(2);
  });

  it('are not available from an authority that breaks off, is silent, or says so', async () => {
    expect(await faultBy((response) => response.writeHead(200, REPLY).write('0', () => response.destroy()))).to.equal(
      'TIME_STAMP_UNAVAILABLE',
    );
    expect(await faultBy(() => undefined, { timeoutMs: 100 })).to.equal('TIME_STAMP_UNAVAILABLE');
    expect(knocks).to.equal(1);
    for (const status of [429, 500, 503]) {
      expect(await faultBy((response) => response.writeHead(status).end())).to.equal(
        `TIME_STAMP_UNAVAILABLE HTTP ${status}`,
      );
      expect(knocks).to.equal(1);
    }
    const busy = writeRejection('timeNotAvailable', 'later');
    expect(await faultBy((response) => response.writeHead(200, REPLY).end(busy))).to.equal(
      'TIME_STAMP_UNAVAILABLE REJECTED timeNotAvailable',
    );
  });

  it('are not fetched from another address than the one asked', async () => {
    for (const status of [301, 302, 307, 308]) {
      const location = { location: sandbox.urls.tsaRsa };
      const fault = await faultBy((response) => response.writeHead(status, location).end());
      expect(fault).to.equal(`TIME_STAMP_REFUSED HTTP ${status}`);
    }
  });

  it('are not taken from a page, a flood, or what is no answer', async () => {
    const refused = 'TIME_STAMP_REFUSED';
    const page = { 'content-type': 'text/html' };
    expect(await faultBy(async (response, query) => response.writeHead(200, page).end(await ask(query)))).to.equal(
      `${refused} CONTENT_TYPE`,
    );
    expect(await faultBy((response) => response.writeHead(404).end())).to.equal(`${refused} HTTP 404`);
    expect(await faultBy((response) => response.writeHead(200, REPLY).end(Buffer.alloc(200_000, 48)))).to.equal(
      `${refused} TOO_LARGE`,
    );
    expect(await faultBy((response) => response.writeHead(200, REPLY).end('nonsense'))).to.equal(`${refused} NOT_DER`);
    expect(await faultBy((response) => response.writeHead(200, REPLY).end())).to.equal(`${refused} NOT_DER`);
    const trailing = async (response: ServerResponse, query: Buffer): Promise<unknown> =>
      response.writeHead(200, REPLY).end(Buffer.concat([await ask(query), Buffer.from([0])]));
    expect(await faultBy(trailing)).to.equal(`${refused} NOT_DER`);
  });

  it('are refused when they answer another question', async () => {
    let earlier = new Uint8Array();
    act = async (response, query) => {
      earlier = Uint8Array.from(await ask(query));
      response.writeHead(200, REPLY).end(earlier);
    };
    const token = await stamperAt(gateUrl).stamp(DIGESTS.sha256);
    const again = (response: ServerResponse): unknown => response.writeHead(200, REPLY).end(earlier);
    expect(await faultBy(again)).to.equal('TIME_STAMP_REFUSED NONCE');
    expect(await faultBy(again, { hash: 'sm3' })).to.equal('TIME_STAMP_REFUSED IMPRINT');
    const bent = Uint8Array.from(token);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    const forged = (response: ServerResponse): unknown =>
      response.writeHead(200, REPLY).end(writeGrantedResponse(bent));
    expect(await faultBy(forged)).to.equal('TIME_STAMP_REFUSED SIGNATURE');
  });

  it('are refused by policy, and when the authority’s clock is far from ours', async () => {
    expect(await faultBy(passOn, { policy: '1.2.3.4' })).to.equal('TIME_STAMP_REFUSED REJECTED unacceptedPolicy');
    const clock = (minutes: number) => () => new Date(Date.now() + minutes * 60_000);
    expect(await faultBy(passOn, { clock: clock(4) })).to.equal('stamped');
    expect(await faultBy(passOn, { clock: clock(6) })).to.equal('TIME_STAMP_REFUSED CLOCK');
    expect(await faultBy(passOn, { clock: clock(-6) })).to.equal('TIME_STAMP_REFUSED CLOCK');
  });
});
