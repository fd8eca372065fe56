import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../models/kernel/fault.ts';
import { findUnknownSettings, readSettings, SETTINGS } from '../../../server/settings/settings.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

function faultOf(environment: Record<string, string>): Fault {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

const namesIn = (fault: Fault) => fault.errors.map(({ pointer }) => pointer.slice(1)).sort();
const PRODUCTION = {
  ZHENGKU_PUBLIC_URL: 'https://licences.example',
  ZHENGKU_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('the settings', () => {
  it('take the defaults in demo', () => {
    const settings = readSettings({ ZHENGKU_MODE: 'demo' });
    expect(settings.port).to.equal(8460);
    expect(settings.publicUrl).to.equal('http://127.0.0.1:8460');
    expect(settings.databaseUrl).to.match(/^sqlite:.*zhengku\.db$/);
    expect(settings.exchangeCron).to.equal('*/2 * * * *');
  });

  it('allow no SQLite machine over HTTP unless the operator names their folder; in demo it is the data folder', () => {
    expect(readSettings(PRODUCTION).frontEndDir).to.equal(undefined);
    expect(readSettings({ ...PRODUCTION, ZHENGKU_FRONT_END_DIR: 'test' }).frontEndDir).to.match(/^\/.*test$/);
    const demo = readSettings({ ZHENGKU_MODE: 'demo', ZHENGKU_DATA_DIR: '/d' });
    expect(demo.frontEndDir).to.equal('/d');
    const missing = faultOf({ ...PRODUCTION, ZHENGKU_FRONT_END_DIR: '/no/such/folder' });
    expect(namesIn(missing)).to.deep.equal(['ZHENGKU_FRONT_END_DIR']);
  });

  it('take verification rules by name or from a file that holds some', () => {
    expect(readSettings(PRODUCTION).verificationRules).to.equal('default');
    expect(readSettings({ ...PRODUCTION, ZHENGKU_VERIFICATION_RULES: 'strict' }).verificationRules).to.equal('strict');
    for (const wrong of ['lenient', 'package.json', 'README.md']) {
      const fault = faultOf({ ...PRODUCTION, ZHENGKU_VERIFICATION_RULES: wrong });
      expect(namesIn(fault), wrong).to.deep.equal(['ZHENGKU_VERIFICATION_RULES']);
    }
  });

  it('connect the registries over https with a token; over http only in demo and on this machine', () => {
    const folder = temporaryFolder();
    const tokenFile = join(folder.path, 'token');
    writeFileSync(tokenFile, 'a-token\n');
    const registry = (url: string) => ({ ZHENGKU_REGISTRY_URL: url, ZHENGKU_REGISTRY_TOKEN_FILE: tokenFile });
    const demo = { ZHENGKU_MODE: 'demo' };
    expect(readSettings(PRODUCTION).registry).to.equal(undefined);
    const connected = { url: 'https://registry.example', tokenFile };
    expect(readSettings({ ...PRODUCTION, ...registry('https://registry.example/') }).registry).to.deep.equal(connected);
    expect(readSettings({ ...demo, ...registry('http://127.0.0.1:8495') }).registry?.url).to.equal(
      'http://127.0.0.1:8495',
    );
    const clear = faultOf({ ...PRODUCTION, ...registry('http://127.0.0.1:8495') });
    expect(namesIn(clear)).to.deep.equal(['ZHENGKU_REGISTRY_URL']);
    const far = faultOf({ ...demo, ...registry('http://registry.example') });
    expect(namesIn(far)).to.deep.equal(['ZHENGKU_REGISTRY_URL']);
    const tokenless = faultOf({ ...demo, ZHENGKU_REGISTRY_URL: 'https://registry.example' });
    expect(namesIn(tokenless)).to.deep.equal(['ZHENGKU_REGISTRY_TOKEN_FILE']);
    const alone = faultOf({ ...demo, ZHENGKU_REGISTRY_TOKEN_FILE: tokenFile });
    expect(namesIn(alone)).to.deep.equal(['ZHENGKU_REGISTRY_URL']);
    folder.remove();
  });

  it('name every faulty setting at once', () => {
    const fault = faultOf({
      ZHENGKU_PORT: '99999',
      ZHENGKU_DATABASE_URL: 'postgres://x',
      ZHENGKU_BLOB_URL: 's3://bucket',
      ZHENGKU_MODE: 'test',
      ZHENGKU_LOG_LEVEL: 'loud',
      ZHENGKU_FONT_DIR: '/no/such/folder',
    });
    expect(fault.code).to.equal('SETTINGS_INVALID');
    expect(namesIn(fault)).to.include.members([
      'ZHENGKU_BLOB_URL',
      'ZHENGKU_DATABASE_URL',
      'ZHENGKU_FONT_DIR',
      'ZHENGKU_LOG_LEVEL',
      'ZHENGKU_MODE',
      'ZHENGKU_PORT',
    ]);
  });

  it('refuse a loopback address in QR codes outside the demo', () => {
    for (const host of ['http://127.0.0.1:8460', 'http://localhost', 'http://[::1]:80', 'http://a.localhost']) {
      expect(namesIn(faultOf({ ...PRODUCTION, ZHENGKU_PUBLIC_URL: host }))).to.deep.equal(['ZHENGKU_PUBLIC_URL']);
    }
    expect(readSettings(PRODUCTION).publicUrl).to.equal('https://licences.example');
  });

  it('refuse production without its master key, or with one that is not 32 bytes', () => {
    const { ZHENGKU_PUBLIC_URL } = PRODUCTION;
    expect(namesIn(faultOf({ ZHENGKU_PUBLIC_URL }))).to.deep.equal(['ZHENGKU_MASTER_KEY']);
    expect(namesIn(faultOf({ ...PRODUCTION, ZHENGKU_MASTER_KEY: 'c2hvcnQ=' }))).to.deep.equal(['ZHENGKU_MASTER_KEY']);
  });

  it('refuse a province without its key', () => {
    const fault = faultOf({ ...PRODUCTION, ZHENGKU_PROVINCE_URL: 'https://province.example' });
    expect(namesIn(fault)).to.deep.equal(['ZHENGKU_PROVINCE_KEY']);
  });

  it('take a province over tables without a key, and refuse one with it', () => {
    for (const url of ['mysql://zk:secret@front/henan', 'sqlite:/srv/province.db']) {
      expect(readSettings({ ...PRODUCTION, ZHENGKU_PROVINCE_URL: url }).province).to.deep.equal({
        url,
        keyFile: undefined,
      });
      const fault = faultOf({ ...PRODUCTION, ZHENGKU_PROVINCE_URL: url, ZHENGKU_PROVINCE_KEY: 'README.md' });
      expect(namesIn(fault)).to.deep.equal(['ZHENGKU_PROVINCE_KEY']);
    }
  });

  it('refuse a province’s key that is none, and a key without its province', () => {
    const fault = faultOf({ ...PRODUCTION, ZHENGKU_PROVINCE_KEY: 'README.md' });
    expect(namesIn(fault)).to.deep.equal(['ZHENGKU_PROVINCE_KEY', 'ZHENGKU_PROVINCE_URL']);
  });

  it('refuse a time-stamp authority that is no address, and name none by themselves', () => {
    for (const name of ['ZHENGKU_TSA_SM2_URL', 'ZHENGKU_TSA_RSA_URL']) {
      expect(namesIn(faultOf({ ...PRODUCTION, [name]: 'ftp://clock.example' }))).to.deep.equal([name]);
    }
    expect(readSettings(PRODUCTION).timeStampUrls).to.deep.equal({ sm2: undefined, rsa: undefined });
    const { timeStampUrls } = readSettings({ ...PRODUCTION, ZHENGKU_TSA_SM2_URL: 'https://clock.example/tsa/' });
    expect(timeStampUrls).to.deep.equal({ sm2: 'https://clock.example/tsa/', rsa: undefined });
  });

  it('refuse a cron line that never comes or is none', () => {
    for (const line of ['99 * * * *', 'x y z a b']) {
      const fault = faultOf({ ...PRODUCTION, ZHENGKU_EXCHANGE_CRON: line });
      expect(namesIn(fault)).to.deep.equal(['ZHENGKU_EXCHANGE_CRON']);
    }
  });

  it('that are misspelt are named', () => {
    expect(findUnknownSettings({ ZHENGKU_PROT: '1', ZHENGKU_PORT: '1', PATH: '/' })).to.deep.equal(['ZHENGKU_PROT']);
  });

  it('each say their unit, default and when to change them', () => {
    for (const [name, words] of Object.entries(SETTINGS)) {
      expect(name).to.match(/^ZHENGKU_[A-Z0-9_]+$/);
      for (const text of Object.values(words)) expect(text, name).to.not.equal('');
    }
  });
});
