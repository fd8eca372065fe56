import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { openFrontEnd } from '../../exchange/front-end/connection.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { eachDatabase } from '../world/each-database.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, OTHER_ENTRY, ownIdentifier, sealElsewhere } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

/** As docs/front-end-machine.md asks of a server that takes large files. */
async function allowLarge(url: string): Promise<void> {
  if (!url.startsWith('mysql:')) return;
  const connection = openFrontEnd(url);
  await connection.execute('SET GLOBAL max_allowed_packet = 134217728');
  await connection.close();
}

const LARGE = 60_000_000;
const PIECE = 1_000_000;
/** Each piece makes the server write all before it once more. */
const REST = 30 * PIECE;

eachDatabase('a sealed file of 60 MB', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(120_000);
    await allowLarge(await openDatabase());
    world = await openDepartmentWorld(openDatabase, 'other');
    ({ house, department } = world);
  });
  after(() => world.close());

  /** Written piece by piece, as large files are where packets are small. */
  const pushLarge = async (key: string, bytes: Uint8Array) => {
    const identifier = ownIdentifier(key);
    await department.push('zk_licence', {
      ...{ business_key: key, ...licenceColumns(Number(key.slice(1))), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 1, identifier, issued_on: '2026-03-01' },
    });
    const file = { business_key: `${key}-ofd`, licence_key: key, format: 'ofd', file_name: `${key}.ofd` };
    await department.push('zk_file', { ...file, content: bytes.subarray(0, PIECE) });
    const isSqlite = department.connection.dialect === 'sqlite';
    if (isSqlite) {
      await department.connection.execute('UPDATE zk_file SET content = ? WHERE business_key = ?', [
        bytes,
        file.business_key,
      ]);
      return;
    }
    for (let at = PIECE; at < bytes.length; at += REST)
      await department.connection.execute('UPDATE zk_file SET content = CONCAT(content, ?) WHERE business_key = ?', [
        bytes.subarray(at, at + REST),
        file.business_key,
      ]);
  };

  it('is taken in pieces, one file at a time, and recorded as it is', async function () {
    this.timeout(240_000);
    // Nothing can be packed of it.
    const scan = new Uint8Array(randomBytes(LARGE));
    const attachment = { name: 'scan.bin', format: 'bin', bytes: scan };
    const { ofd } = await sealElsewhere(house, ownIdentifier('L1'), 1, [attachment]);
    expect(ofd.length).to.be.greaterThan(LARGE);
    await pushLarge('L1', ofd);
    await pushLarge('L2', scan);
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 20);
    await runPass(house);
    clearInterval(watch);
    expect(await department.read('zk_licence', 'L1')).to.include({ state: 2, receipt_code: 'ISSUED' });
    expect(await department.read('zk_licence', 'L2')).to.include({ state: 3, receipt_code: 'FILE_NOT_WHAT_IT_SAYS' });
    const licence = await house.db.rows.licences.findOne({ where: { identifier: ownIdentifier('L1') } });
    const file = await house.db.rows.licenceFiles.findOne({ where: { licenceId: licence?.id ?? '' } });
    expect(file?.digest).to.equal(sm3Hex(ofd));
    // The file, and what its verification in this thread takes beside it; never both files of the pass.
    expect(peak).to.be.lessThan(5 * LARGE);
  });

  it('is refused before a byte of it is read when it is larger than any may be', async function () {
    this.timeout(120_000);
    const isSqlite = department.connection.dialect === 'sqlite';
    await department.push('zk_licence', {
      ...{ business_key: 'L3', ...licenceColumns(3), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 1, identifier: ownIdentifier('L3'), issued_on: '2026-03-01' },
    });
    const file = { business_key: 'L3-ofd', licence_key: 'L3', format: 'ofd', file_name: 'L3.ofd' };
    await department.push('zk_file', file);
    if (isSqlite)
      await department.connection.execute(
        "UPDATE zk_file SET content = zeroblob(101000000) WHERE business_key = 'L3-ofd'",
      );
    else
      await department.connection.execute(
        "UPDATE zk_file SET content = REPEAT('x', 104000000) WHERE business_key = 'L3-ofd'",
      );
    const before = process.memoryUsage().arrayBuffers;
    await runPass(house);
    const row = await department.read('zk_licence', 'L3');
    expect(row).to.include({ state: 3, receipt_code: 'REQUEST_TOO_LARGE' });
    expect(row.receipt_text).to.contain('zk_file.ofd.content');
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(20_000_000);
  });
});
