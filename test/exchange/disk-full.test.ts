/** The disk of the city is full: the real program under a limit of the size of files, as a disk without room refuses to make any
 *  of them longer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { silentLog } from '../../models/kernel/log.ts';
import { type OpenHouse, openHouse } from '../../server/open-house.ts';
import { readSettings } from '../../server/settings/settings.ts';
import { PROGRAM } from '../world/program.ts';
import { furnish, ISSUER } from '../world/sample-entry.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { type Department, licenceColumns, openDepartment, registerMachine } from './department.ts';

const ROWS = 300;

describe('a city whose disk is full', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const env = { ZHENGKU_MODE: 'demo', ZHENGKU_DATA_DIR: data };
  let department: Department;

  before(async () => {
    const url = `sqlite:${join(folder.path, 'department.db')}`;
    const { house, close } = await openHouse(readSettings(env), silentLog);
    await furnish(house);
    department = await openDepartment(url);
    await registerMachine(house, 'zjj', ISSUER, url);
    await close();
    for (let n = 1; n <= ROWS; n += 1)
      await department.push('zk_licence', { business_key: `K${n}`, ...licenceColumns(n) });
  });

  after(async () => {
    await department.connection.close();
    folder.remove();
  });

  /** @param kilobytes that a file may have; what is longer already can be read, and written no further */
  async function run(kilobytes: number | 'unlimited', ...args: string[]): Promise<{ status: number; said: string }> {
    const limited = `ulimit -f ${kilobytes} && exec "$0" "$@"`;
    const child = spawn('bash', ['-c', limited, process.execPath, PROGRAM, ...args], {
      env: { ...process.env, ...env },
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const [status] = (await once(child, 'close')) as [number];
    return { status, said: Buffer.concat(said).toString('utf8') };
  }

  const answered = async () => {
    const rows = await department.connection.query('SELECT state, COUNT(*) AS number FROM zk_licence GROUP BY state');
    return Object.fromEntries(rows.map(({ state, number }) => [Number(state), Number(number)]));
  };

  const licences = async (): Promise<readonly (string | null)[]> => {
    const opened: OpenHouse = await openHouse(readSettings(env), silentLog);
    const rows = await opened.house.db.rows.licences.findAll({ attributes: ['sourceKey'] });
    await opened.close();
    return rows.map(({ sourceKey }) => sourceKey);
  };

  it('says so, answers no row that it has not kept, and loses none', async () => {
    const room = Math.floor(statSync(join(data, 'zhengku.db')).size / 1024);
    const { status, said } = await run(room, 'exchange', 'run');
    expect(status, said).to.equal(1);
    expect(said).to.match(/DATABASE_FAILED .*\n {2}SQLITE_(FULL|IOERR)/);
    const { 0: open = 0, 1: claimed = 0, 2: accepted = 0, 3: refused = 0 } = await answered();
    expect(open + claimed, 'rows without an answer').to.be.above(0);
    expect(refused).to.equal(0);
    expect(await licences()).to.have.length.of.at.least(accepted);
  });

  it('works off what was left when there is room again, each row once', async () => {
    const { status } = await run('unlimited', 'exchange', 'run');
    expect(status).to.equal(0);
    expect(await answered()).to.deep.equal({ 2: ROWS });
    const keys = await licences();
    expect(new Set(keys).size).to.equal(ROWS);
    expect(keys).to.have.length(ROWS);
    expect(await run('unlimited', 'audit', 'verify')).to.include({ status: 0 });
  });
});
