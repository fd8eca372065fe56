import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openHouseKey } from '../../../models/seal/keys.ts';
import { PROGRAM } from '../../world/program.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { openTestHouse } from '../../world/test-house.ts';

describe('zhengku doctor', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const databaseUrl = `sqlite:${join(folder.path, 'house.db')}`;
  const trustDir = join(folder.path, 'trust');
  const masterKey = randomBytes(32).toString('base64');
  let keyCount = 0;

  before(async () => {
    const house = await openTestHouse(databaseUrl);
    keyCount = await house.db.rows.keys.count({ where: { purpose: 'repository' } });
    const root = (await openHouseKey(house, 'root', 'SM2')).certificates[0] ?? expect.fail();
    mkdirSync(trustDir);
    writeFileSync(join(trustDir, 'root.der'), root);
    await house.close();
  });
  after(() => folder.remove());

  function doctor(mode: string, more: Record<string, string> = {}) {
    const env = {
      ...{ PATH: process.env.PATH, ZHENGKU_MODE: mode, ZHENGKU_DATA_DIR: folder.path },
      ...{ ZHENGKU_DATABASE_URL: databaseUrl, ZHENGKU_MASTER_KEY: masterKey, ZHENGKU_PUBLIC_URL: 'https://zz.example' },
      ...{ ZHENGKU_KEY_PASSPHRASE: 'a passphrase for tests', ...more },
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'doctor'], {
      env,
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr, lacking: stdout.split('\n').filter((line) => line.startsWith('–')) };
  }

  it('says that the repository’s keys open, or that the passphrase is not theirs', () => {
    const right = doctor('demo');
    expect(right.said).to.include(`✔ repository keys: all ${keyCount} that lie here open`);
    expect(right).to.deep.include({ status: 0, lacking: [] });
    const wrong = doctor('demo', { ZHENGKU_KEY_PASSPHRASE: 'another passphrase, long enough' });
    expect(wrong.said).to.match(/✘ repository keys: KEY_PASSPHRASE_WRONG: A private key does not open/);
    expect(wrong.status).to.equal(1);
  });

  it('says a line each what a production house lacks, also with the database of a demonstration', () => {
    const bare = doctor('production');
    expect(
      bare.lacking.map((line) => /SM2|RSA|root|maker/.exec(line)?.[0]),
      bare.said,
    ).to.deep.equal([...['SM2', 'RSA'], ...['root', 'maker'], ...['SM2', 'RSA']]);
    expect(bare.status).to.equal(0);
    const better = doctor('production', { ZHENGKU_TRUST_DIR: trustDir, ZHENGKU_TSA_SM2_URL: 'https://tsa.example/' });
    expect(better.lacking.join()).to.not.include('root').and.not.include('ZHENGKU_TSA_SM2_URL');
    expect(better.lacking).to.have.length(4);
  });
});
