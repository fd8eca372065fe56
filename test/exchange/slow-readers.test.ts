import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { FrontEndConnection } from '../../exchange/front-end/connection.ts';
import { makeLargeGate, ReadTooSlowly, type Wait } from '../../exchange/front-end/large-gate.ts';
import type { FileRef, MachinePass } from '../../exchange/front-end/profile.ts';
import { readHanded } from '../../exchange/front-end/read-handed.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
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
});
