import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { openWeb, type Web } from '../../server/http/web.ts';
import { PROGRAM } from '../../world/program.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const MEGABYTE = 2 ** 20;
const HUGE = 500 * MEGABYTE;

/** The most memory a process has had, in MB; Linux tells while it runs. */
function peakOf(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

describe('a file of 500 MB', function () {
  this.timeout(120_000).slow(20_000);

  describe('sent to be verified', () => {
    let web: Web;
    let server: Server;
    let headers: Readonly<Record<string, string>>;
    before(async () => {
      web = await openWeb();
      headers = (await web.person('consumer.window')).headers;
      server = web.app.listen(0, '127.0.0.1');
    });
    after(async () => {
      server.closeAllConnections();
      server.close();
      await web.close();
    });

    /** Sends until there is an answer or the connection ends. */
    const send = (more: Readonly<Record<string, string | number>>) =>
      new Promise<{ status: number; sent: number; grown: number }>((resolve) => {
        const { port } = server.address() as AddressInfo;
        const path = '/api/v1/verifications';
        const call = request({ port, path, host: '127.0.0.1', method: 'POST', headers: { ...headers, ...more } });
        const piece = Buffer.alloc(MEGABYTE, '%PDF-');
        const before = process.memoryUsage().arrayBuffers;
        let [sent, grown, status] = [0, 0, 0];
        const end = (): void => {
          call.destroy();
          resolve({ status, sent, grown: grown / MEGABYTE });
        };
        const write = (): void => {
          if (status !== 0 || call.destroyed) return;
          grown = Math.max(grown, process.memoryUsage().arrayBuffers - before);
          sent += 1;
          if (sent * MEGABYTE >= HUGE) call.end(piece);
          else if (call.write(piece)) setImmediate(write);
          else call.once('drain', write);
        };
        call.once('response', (response) => {
          status = response.statusCode ?? 0;
          response.resume();
          response.once('end', end).once('close', end);
        });
        call.once('error', end);
        write();
      });

    it('is refused by the length it states, before it is read', async () => {
      const { status, sent, grown } = await send({ 'content-type': 'application/pdf', 'content-length': HUGE });
      expect(status).to.equal(413);
      expect(sent).to.be.below(60);
      expect(grown).to.be.below(120);
    });

    it('is refused when it has been longer than allowed, without a length stated', async () => {
      const { status, grown } = await send({ 'content-type': 'application/pdf', 'transfer-encoding': 'chunked' });
      expect(status).to.equal(413);
      expect(grown).to.be.below(250);
    });
  });

  describe('given to `zhengku verify` with a heap of 256 MB', () => {
    for (const [format, head] of [
      ['PDF', '%PDF-1.7\n'],
      ['OFD', 'PK\u0003\u0004'],
      ['unknown', 'nothing'],
    ] as const) {
      it(`is judged, and not valid (${format})`, async () => {
        const folder = temporaryFolder();
        const file = join(folder.path, 'large');
        const handle = openSync(file, 'w');
        writeSync(handle, head);
        ftruncateSync(handle, HUGE);
        closeSync(handle);
        const options = ['--max-old-space-size=256', PROGRAM, 'verify', '--json', file];
        const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
        let [output, peak] = ['', 0];
        const watch = setInterval(() => {
          peak = Math.max(peak, peakOf(child));
        }, 100);
        child.stdout.on('data', (data: Buffer) => {
          output += data.toString('utf8');
        });
        const status = await new Promise((resolve) => child.once('close', resolve));
        clearInterval(watch);
        folder.remove();
        expect(status).to.equal(1);
        expect(output).to.include('"valid":false');
        expect(peak).to.be.below(1300);
      });
    }
  });
});
