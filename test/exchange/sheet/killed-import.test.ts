/** An import in the real program, ended without warning in the middle and started again. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import Libsql from 'libsql';
import { silentLog } from '../../../models/kernel/log.ts';
import { openHouse } from '../../../server/open-house.ts';
import { readSettings } from '../../../server/settings/settings.ts';
import { type Environment, end, firstLine, startProgram } from '../../hostile/server-process.ts';
import { furnish } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { APPLY, order, rowOf, sheetOf } from './import-world.ts';

const ROWS = 1200;

describe('an import whose process is killed', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const data = join(folder.path, 'city');
  const env: Environment = { ZHENGKU_MODE: 'demo', ZHENGKU_DATA_DIR: data, ZHENGKU_SEALING_THREADS: '1' };
  let worker: ChildProcess | undefined;
  let city: Libsql.Database;

  before(async () => {
    const { house, close } = await openHouse(readSettings(env), silentLog);
    await furnish(house);
    await order(house, sheetOf(Array.from({ length: ROWS }, (_, index) => rowOf(index + 1))), APPLY);
    await close();
    city = new Libsql(join(data, 'zhengku.db'));
    city.pragma('busy_timeout = 5000');
  });

  after(async () => {
    city?.close();
    if (worker) await end(worker, 'SIGKILL');
    folder.remove();
  });

  const count = (sql: string) => Number((city.prepare(`SELECT COUNT(*) AS n FROM ${sql}`).get([]) as { n: number }).n);
  const state = () => (city.prepare('SELECT state FROM imports').get([]) as { state: string }).state;
  const start = async () => {
    worker = startProgram(['serve', '--worker'], env, join(folder.path, 'worker.log'));
    await firstLine(worker);
    return worker;
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is taken up by the next process where it stood, and each row has exactly one effect', async () => {
    const killed = await start();
    await until(() => count('import_rows') > 0);
    await end(killed, 'SIGKILL');
    const judged = count('import_rows');
    expect(judged).to.be.within(1, ROWS - 1);
    expect([state(), count('licences')]).to.deep.equal(['judging', judged]);

    const next = await start();
    await until(() => state() === 'done');
    await end(next, 'SIGTERM');
    expect(count("import_rows WHERE outcome = 'accepted'")).to.equal(ROWS);
    expect(count('import_rows')).to.equal(ROWS);
    expect(count('licences')).to.equal(ROWS);
    expect(count('(SELECT DISTINCT licence_number FROM licences)')).to.equal(ROWS);
    expect(count('(SELECT DISTINCT licence_id FROM import_rows)')).to.equal(ROWS);
    expect(count("audit_entries WHERE act = 'licence.submit'")).to.equal(ROWS);
  });
});
