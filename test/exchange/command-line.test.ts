import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openLibrary } from '../../server/sandbox/province/library.ts';
import { PROGRAM } from '../world/program.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';

const call = promisify(execFile);

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the exchange on the command line', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  let environment: NodeJS.ProcessEnv;

  const zhengku = (...args: string[]): Promise<Outcome> =>
    call(process.execPath, [PROGRAM, ...args], { env: environment }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: Outcome) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
    );

  before(() => {
    folder = temporaryFolder();
    environment = {
      ...process.env,
      ZHENGKU_MODE: 'demo',
      ZHENGKU_DATA_DIR: join(folder.path, 'data'),
      ZHENGKU_PUBLIC_URL: 'https://zz.example',
    };
  });

  after(() => folder.remove());

  it('makes the tables in a department’s database, twice without harm', async () => {
    const url = `sqlite:${join(folder.path, 'department.db')}`;
    for (let time = 0; time < 2; time += 1) {
      const made = await zhengku('front-end', 'init', '--url', url);
      expect(made).to.include({ code: 0 });
    }
  });

  it('explains itself, and answers a wrong word with usage', async () => {
    for (const verb of ['front-end', 'exchange', 'sandbox']) {
      const help = await zhengku(verb, '--help');
      expect(help.code).to.equal(0);
      expect(help.stdout).to.contain(verb === 'sandbox' ? 'province' : `zhengku ${verb}`);
      expect((await zhengku(verb, 'nonsense')).code).to.equal(2);
    }
  });

  it('refuses a machine that is not registered', async () => {
    const refused = await zhengku('exchange', 'run', '--front-end', 'nobody');
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('NOT_FOUND');
  });

  it('starts a province, runs a pass and finds both sides alike', async () => {
    const [trust, own] = [join(folder.path, 'trust'), join(folder.path, 'own')];
    expect((await zhengku('trust', 'export', '--to', trust, '--repository', own)).code).to.equal(0);
    const args = [
      '--data',
      join(folder.path, 'province'),
      '--city-certificate',
      join(own, 'repository-sm2.pem'),
      '--trust',
      trust,
    ];
    const province = spawn(process.execPath, [PROGRAM, 'sandbox', 'province', ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(createInterface({ input: province.stdout }), 'line')) as [string];
      const { url, keyFile } = JSON.parse(line) as { url: string; keyFile: string };
      environment = { ...environment, ZHENGKU_PROVINCE_URL: url, ZHENGKU_PROVINCE_KEY: keyFile };
      const ran = await zhengku('exchange', 'run', '--json');
      expect(JSON.parse(ran.stdout)).to.deep.equal({ passes: [], province: { done: 0, delayed: 0, failed: 0 } });
      const compared = await zhengku('exchange', 'compare', '--json');
      expect(compared.code).to.equal(0);
      expect(JSON.parse(compared.stdout)).to.deep.include({ differences: [] });
      const library = openLibrary(join(folder.path, 'province', 'province.db'));
      library.keep({ subject: 'licence:X', sequence: 1, digest: 'f'.repeat(64), record: '{}', receivedAt: '' }, []);
      library.close();
      const unlike = await zhengku('exchange', 'compare', '--json');
      expect(unlike.code).to.equal(1);
      expect(JSON.parse(unlike.stdout)).to.deep.include({ differences: [{ subject: 'licence:X', kind: 'extra' }] });
      const printed = await zhengku('exchange', 'statement');
      expect(printed.code).to.equal(0);
      expect(printed.stdout).to.contain('省市电子证照比对日报表').and.contain('extra 1');
      const stated = await zhengku('exchange', 'statement', '--json');
      expect(JSON.parse(stated.stdout)).to.have.all.keys('day', 'text', 'signature', 'certificate', 'digest');
      expect((await zhengku('exchange', 'statement', '--day', '2020-01-01')).code).to.equal(1);
      const status = await zhengku('exchange', 'status', '--json');
      expect(JSON.parse(status.stdout)).to.include.all.keys('departments', 'province', 'revocationLists');
      expect(await (await fetch(url)).text()).to.contain('省综合电子证照库');
    } finally {
      province.kill('SIGTERM');
      const [code] = (await once(province, 'exit')) as [number];
      expect(code).to.equal(0);
    }
  });
});
