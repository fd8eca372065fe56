import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { BlobStore } from '../../../models/store/blobs/blob-store.ts';
import { makeFileBlobs } from '../../../models/store/blobs/file-blobs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { faultOf } from '../fault-of.ts';

describe('the file store', () => {
  const folder = temporaryFolder();
  let root: string;
  let blobs: BlobStore;

  beforeEach(() => {
    root = path.join(folder.path, String(Math.random()));
    blobs = makeFileBlobs(root);
  });

  after(() => folder.remove());

  const bytes = new TextEncoder().encode('电子证照');
  const locate = (digest: string) => path.join(root, digest.slice(0, 2), digest.slice(2, 4), digest);
  const listFiles = () =>
    readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [entry.name] : [],
    );

  it('names a file by the SM3 of its bytes and gives the same bytes back', async () => {
    const digest = await blobs.put(bytes);
    expect(digest).to.equal(sm3Hex(bytes));
    expect(await blobs.get(digest)).to.deep.equal(bytes);
    expect(await blobs.has(digest)).to.equal(true);
  });

  it('keeps the same bytes once, also when they come many times at once, and leaves nothing half written', async () => {
    const digests = await Promise.all(Array.from({ length: 20 }, () => blobs.put(bytes)));
    await blobs.put(bytes);
    expect(new Set(digests).size).to.equal(1);
    expect(listFiles()).to.deep.equal(digests.slice(0, 1));
  });

  it('keeps the empty file and one of several megabytes', async () => {
    const large = new Uint8Array(5_000_000).map((_, at) => at % 253);
    const [none, much] = [await blobs.put(new Uint8Array()), await blobs.put(large)];
    expect((await blobs.get(none)).length).to.equal(0);
    expect(sm3Hex(await blobs.get(much))).to.equal(much);
  });

  it('says BLOB_CORRUPT of a file that was changed or cut short on the disk', async () => {
    const digest = await blobs.put(bytes);
    writeFileSync(locate(digest), 'something else');
    expect((await faultOf(blobs.get(digest))).code).to.equal('BLOB_CORRUPT');
    truncateSync(locate(digest), 3);
    expect((await faultOf(blobs.get(digest))).code).to.equal('BLOB_CORRUPT');
  });

  it('says FILE_MISSING of what it does not have, and of names that are no digest', async () => {
    expect((await faultOf(blobs.get('0'.repeat(64)))).code).to.equal('FILE_MISSING');
    expect(await blobs.has('0'.repeat(64))).to.equal(false);
    expect((await faultOf(blobs.get('../../../../etc/passwd'))).code).to.equal('FILE_MISSING');
    expect((await faultOf(blobs.get(`${'a'.repeat(62)}/.`))).code).to.equal('FILE_MISSING');
  });

  it('shows only whole files after its process was killed in the middle of writing', async function () {
    this.timeout(60_000);
    mkdirSync(root, { recursive: true });
    const script = fileURLToPath(new URL('write-blobs.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stored = 0;
    child.stdout.on('data', (lines: Buffer) => {
      stored += lines.toString().split('\n').length - 1;
      if (stored >= 3) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(signal).to.equal('SIGKILL');
    const names = listFiles();
    const whole = names.filter((name) => !name.endsWith('.part'));
    expect(whole.length).to.be.at.least(stored);
    for (const digest of whole) expect(sm3Hex(readFileSync(locate(digest)))).to.equal(digest);
    for (const name of names.filter((one) => one.endsWith('.part'))) {
      const digest = name.slice(0, 64);
      if (!whole.includes(digest)) expect(await blobs.has(digest)).to.equal(false);
      expect((await faultOf(blobs.get(name))).code).to.equal('FILE_MISSING');
    }
  });
});
