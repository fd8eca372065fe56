import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { FrontEndConnection } from '../../exchange/front-end/connection.ts';
import { makeLargeGate, ReadTooSlowly, type Wait } from '../../exchange/front-end/large-gate.ts';
import { noCounts } from '../../exchange/front-end/pass-counts.ts';
import type { FileRef, MachinePass } from '../../exchange/front-end/profile.ts';
import { readHanded } from '../../exchange/front-end/read-handed.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { workTable } from '../../exchange/front-end/work-table.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { openFrontEndList } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { OTHER_ISSUER } from '../world/sample-entry.ts';
import { licenceColumns, OTHER_ENTRY, ownIdentifier, sealElsewhere } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

const LARGE = 5_000_000;

eachDatabase('large files of departments of which one is slow', (openDatabase) => {
  let world: DepartmentWorld;
  let file: FileRef;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase, 'other');
    const { connection } = world.department;
    const columns = { business_key: 'F', licence_key: 'F', format: 'ofd', file_name: 'F.ofd' };
    await world.department.push('zk_file', { ...columns, content: new Uint8Array(LARGE).fill(7) });
    const [row] = await connection.query("SELECT row_id FROM zk_file WHERE business_key = 'F'");
    file = { at: Number(row?.row_id), format: 'ofd', sizeBytes: LARGE, sm3: null };
  });
  after(() => world.close());

  /** Time that passes when the test says so. */
  function handTimer(): { readonly wait: Wait; passes(): Promise<void> } {
    const asked: { readonly ms: number; readonly pass: () => void }[] = [];
    let tell = () => {};
    return {
      wait: (ms, signal) =>
        new Promise<void>((resolve, reject) => {
          asked.push({ ms, pass: resolve });
          signal.addEventListener('abort', () => reject(new Error('not needed')));
          tell();
        }),
      async passes() {
        if (asked.length === 0)
          await new Promise<void>((resolve) => {
            tell = resolve;
          });
        for (const { ms, pass } of asked.splice(0)) {
          expect(ms).to.equal(10_000);
          pass();
        }
      },
    };
  }

  /** A pass whose connection hangs at the second piece of a file until it is told to go on. */
  async function openPass(hangs: boolean): Promise<{ readonly pass: MachinePass; goOn(): void }> {
    const { house, department } = world;
    const [machine] = await openFrontEndList(house, 'other');
    if (!machine) throw new Error('not registered');
    let goOn = () => {};
    const free = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let pieces = 0;
    const connection: FrontEndConnection = {
      ...department.connection,
      async query(sql, parameters) {
        if (sql.includes('AS piece')) pieces += 1;
        if (hangs && pieces === 2) await free;
        return department.connection.query(sql, parameters);
      },
    };
    return { pass: { house, machine, connection, caller: houseCaller('x', OTHER_ISSUER), owner: 'x' }, goOn };
  }

  it('are read while it goes on by itself, and none is used beside another', async () => {
    const timer = handTimer();
    const gate = makeLargeGate(timer.wait);
    const [slow, quick] = [await openPass(true), await openPass(false)];
    const seen: string[] = [];
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slowly = readHanded(
      slow.pass,
      zhengkuProfile,
      [file],
      async (handed) => {
        seen.push(`slow ${handed.get(file)?.bytes.length}`);
      },
      gate,
    );
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const quickly = readHanded(
      quick.pass,
      zhengkuProfile,
      [file],
      async (handed) => {
        seen.push(`quick ${handed.get(file)?.bytes.length}`);
        begin();
        await finished;
        seen.push('quick ends');
      },
      gate,
    );
    await timer.passes();
    await begun;
    slow.goOn();
    // The slow one has all its bytes once a quick one behind it could be read as well.
    await readHanded((await openPass(false)).pass, zhengkuProfile, [file], async () => undefined, makeLargeGate());
    expect(seen).to.deep.equal([`quick ${LARGE}`]);
    finish();
    await Promise.all([slowly, quickly]);
    expect(seen).to.deep.equal([`quick ${LARGE}`, 'quick ends', `slow ${LARGE}`]);
  });

  it('are read after a second slow one too, which is left to a later pass', async () => {
    const timer = handTimer();
    const gate = makeLargeGate(timer.wait);
    const [first, second, quick] = [await openPass(true), await openPass(true), await openPass(false)];
    const used: string[] = [];
    const read = ({ pass }: { readonly pass: MachinePass }, name: string) =>
      readHanded(pass, zhengkuProfile, [file], async () => void used.push(name), gate);
    const outside = read(first, 'first');
    const stopped = read(second, 'second').catch((error: unknown) => error);
    const behind = read(quick, 'quick');
    await timer.passes();
    await timer.passes();
    expect(await stopped).to.be.instanceOf(ReadTooSlowly);
    await behind;
    expect(used).to.deep.equal(['quick']);
    first.goOn();
    await outside;
    second.goOn();
    await read(await openPass(false), 'again');
    expect(used).to.deep.equal(['quick', 'first', 'again']);
  });

  it('come after the small ones of their department', async function () {
    this.timeout(60_000);
    const { house, department } = world;
    const lay = async (key: string, serial: number, bytes: Uint8Array) => {
      const { ofd } = await sealElsewhere(house, ownIdentifier(key), serial, [{ name: 'a.bin', format: 'bin', bytes }]);
      await department.push('zk_licence', {
        ...{ business_key: key, ...licenceColumns(serial), catalogue_code: OTHER_ENTRY.code },
        ...{ sealed_files: 1, identifier: ownIdentifier(key), issued_on: '2026-03-01' },
      });
      const columns = { business_key: `${key}-ofd`, licence_key: key, format: 'ofd', file_name: `${key}.ofd` };
      await department.push('zk_file', { ...columns, content: ofd });
    };
    await lay('L1', 1, new Uint8Array(randomBytes(LARGE)));
    await lay('L2', 2, new Uint8Array(10));
    await runPass(house);
    const kept = await house.db.rows.licences.findAll({ order: [['id', 'ASC']] });
    expect(kept.map(({ sourceKey }) => sourceKey)).to.deep.equal(['other/L2', 'other/L1']);
  });

  describe('of which some cannot be read', () => {
    const bad = new Set<number>();

    const layLicence = (key: string, serial: number, sealed: boolean) =>
      department().push('zk_licence', {
        ...{ business_key: key, ...licenceColumns(serial), catalogue_code: OTHER_ENTRY.code },
        ...(sealed ? { sealed_files: 1, identifier: ownIdentifier(key), issued_on: '2026-03-01' } : {}),
      });
    const department = () => world.department;
    const layFile = async (key: string, content: Uint8Array, isBad: boolean) => {
      const columns = { business_key: `${key}-ofd`, licence_key: key, format: 'ofd', file_name: `${key}.ofd` };
      await department().push('zk_file', { ...columns, content });
      const row = await department().read('zk_file', `${key}-ofd`);
      if (isBad) bad.add(Number(row.row_id));
    };
    const layBad = async (key: string, serial: number) => {
      await layLicence(key, serial, true);
      await layFile(key, new Uint8Array(LARGE).fill(1), true);
    };
    const layGood = async (key: string, serial: number) => {
      const bytes = new Uint8Array(randomBytes(LARGE));
      const { ofd } = await sealElsewhere(world.house, ownIdentifier(key), serial, [
        { name: 'a.bin', format: 'bin', bytes },
      ]);
      await layLicence(key, serial, true);
      await layFile(key, ofd, false);
    };

    /** As a server answers that does not come to the end of a statement; the others it answers. */
    async function work(owner: string, endsAll = false) {
      let isGone = false;
      const files = new Set<unknown>();
      const [machine] = await openFrontEndList(world.house, 'other');
      if (!machine) throw new Error('not registered');
      const { connection } = department();
      const failing: FrontEndConnection = {
        ...connection,
        async query(sql, parameters = []) {
          const file = sql.includes('AS piece') ? Number(parameters.at(-1)) : Number.NaN;
          if (file) files.add(file);
          if (bad.has(file)) isGone = endsAll;
          if (bad.has(file) || isGone) throw Object.assign(new Error('timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
          return connection.query(sql, parameters);
        },
      };
      const caller = houseCaller('x', OTHER_ISSUER);
      const pass: MachinePass = { house: world.house, machine, connection: failing, caller, owner };
      const counts = noCounts();
      const bounds = { isSlow: () => false, isOver: () => false, isStopped: () => false };
      const error = await workTable({ pass, profile: zhengkuProfile, table: 'zk_licence', counts, ...bounds });
      return { error, counts, files: files.size };
    }

    it('hold up neither other files nor other rows of their department', async function () {
      this.timeout(60_000);
      await layBad('L5', 5);
      await layGood('L6', 6);
      await layLicence('L7', 7, false);
      const { error, counts } = await work('a');
      expect(error).to.equal('PROTOCOL_SEQUENCE_TIMEOUT');
      expect(counts).to.include({ accepted: 2, deferred: 1, refused: 0 });
      expect(await department().read('zk_licence', 'L5')).to.include({ state: 0, receipt_code: null });
      expect(await department().read('zk_licence', 'L6')).to.include({ state: 2, receipt_code: 'ISSUED' });
      expect(await department().read('zk_licence', 'L7')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
    });

    it('are not waited for one after the other, and the next time come after those that were not tried', async function () {
      this.timeout(60_000);
      for (const serial of [8, 9, 10]) await layBad(`L${serial}`, serial);
      await layGood('L11', 11);
      const first = await work('b');
      expect(first.counts).to.include({ accepted: 0, deferred: 5 });
      expect(first.files).to.equal(3);
      const second = await work('c');
      expect(second.counts).to.include({ accepted: 1, deferred: 4 });
      expect(second.files).to.equal(4);
      expect(await department().read('zk_licence', 'L11')).to.include({ state: 2, receipt_code: 'ISSUED' });
    });

    it('are the last that is asked for when the department’s database answers nothing else either', async () => {
      const { counts, files } = await work('d', true);
      expect(counts).to.include({ accepted: 0, deferred: 4 });
      expect(files).to.equal(1);
    });
  });
});
