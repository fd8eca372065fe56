import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../models/kernel/fault.ts';
import { makeVerificationPool } from '../../../models/verification/verification-pool.ts';
import { type TrustMaterial, UnreadablePath, type Verifier } from '../../../models/verification/verifier.ts';
import { makeVerifierHere } from '../../../models/verification/verify-here.ts';
import { DEFAULT_RULES } from '../../../signing/index.ts';
import { LATER, makeOffice } from '../../signing/ofd/sealed-package.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

describe('the verification pool', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const pools: Verifier[] = [];
  let good: Uint8Array;
  let material: TrustMaterial;
  const open = (options: Partial<Parameters<typeof makeVerificationPool>[0]> = {}): Verifier => {
    const pool = makeVerificationPool({ threads: 1, ...options });
    pools.push(pool);
    return pool;
  };

  before(async () => {
    const office = await makeOffice();
    good = await office.press();
    material = { certificates: office.policy.certificates, crls: [], rules: DEFAULT_RULES };
  });

  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.close();
  });

  after(() => folder.remove());

  it('says of every file what is said without threads, and in the order of asking', async () => {
    const pool = open({ threads: 2 });
    const here = makeVerifierHere();
    const altered = Uint8Array.from(good);
    altered[good.length >> 1] = (altered[good.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder.path, 'good.ofd'), good);
    const files = [good, altered, new Uint8Array(5), join(folder.path, 'good.ofd')];
    const tasks = (copy: boolean) =>
      files.map((bytes, index) => ({
        bytes: copy && typeof bytes !== 'string' ? Uint8Array.from(bytes) : bytes,
        material,
        at: LATER,
        file: `${index}`,
      }));
    const inThreads = await Promise.all(tasks(true).map((task) => pool.judge(task)));
    const direct = await Promise.all(tasks(true).map((task) => here.judge(task)));
    expect(inThreads).to.deep.equal(direct);
    expect(inThreads.map(({ verdict }) => verdict)).to.deep.equal(['valid', 'not-valid', 'not-valid', 'valid']);
  });

  it('takes bytes without copying them, and leaves memory alone that belongs to others too', async () => {
    const pool = open();
    const given = Uint8Array.from(good);
    const part = new Uint8Array(Uint8Array.from([1, ...good]).buffer, 1);
    expect((await pool.judge({ bytes: given, material, at: LATER })).verdict).to.equal('valid');
    expect((await pool.judge({ bytes: part, material, at: LATER })).verdict).to.equal('valid');
    expect([given.length, part.length]).to.deep.equal([0, good.length]);
  });

  it('names a path that cannot be read', async () => {
    for (const verifier of [open(), makeVerifierHere()]) {
      const path = join(folder.path, 'missing.ofd');
      const fault = await verifier.judge({ bytes: path, material, at: LATER }).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(UnreadablePath);
      expect((fault as Error).message).to.include('ENOENT');
    }
  });

  it('breaks off a file that takes too long, and goes on with the next', async () => {
    const pool = open({ limitMs: 60 });
    const judge = async (bytes: Uint8Array) => pool.judge({ bytes, material, at: LATER });
    const untilTaken = async () => {
      for (let tries = 0; tries < 1000; tries += 1) {
        const report = await judge(new Uint8Array(3));
        if (report.sm3 !== null) return report;
      }
      throw new RangeError('no thread ever answered');
    };
    expect((await untilTaken()).checks[0]?.code).to.equal('UNKNOWN_FORMAT');
    const large = await judge(new Uint8Array(512 * 1024 * 1024));
    expect(large).to.include({ valid: false, verdict: 'undetermined', sm3: null, bytes: 512 * 1024 * 1024 });
    expect(large.checks.map(({ name, code }) => [name, code])).to.deep.equal([['structure', 'TOO_LARGE']]);
    expect((await untilTaken()).checks[0]?.code).to.equal('UNKNOWN_FORMAT');
  });

  it('lets only so many files and bytes wait', async () => {
    const codeOf = async (judged: Promise<unknown>) =>
      judged.then(
        () => 'judged',
        (error: unknown) => (error instanceof Fault ? error.code : 'thrown'),
      );
    const few = open({ waitingFiles: 1 });
    const narrow = open({ waitingBytes: 10 });
    const ask = (pool: Verifier, size: number) =>
      codeOf(pool.judge({ bytes: new Uint8Array(size), material, at: LATER }));
    expect(await Promise.all([ask(few, 3), ask(few, 3), ask(few, 3)])).to.deep.equal([
      'judged',
      'judged',
      'VERIFIER_BUSY',
    ]);
    expect(await Promise.all([ask(narrow, 30), ask(narrow, 11), ask(narrow, 9)])).to.deep.equal([
      'judged',
      'VERIFIER_BUSY',
      'judged',
    ]);
    expect(await ask(few, 3)).to.equal('judged');
  });
});
