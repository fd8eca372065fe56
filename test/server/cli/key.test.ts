import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportPkcs12, fromPemOrDer, parseCertificate, parseCrl } from '../../../signing/index.ts';
import { openTrustWorld, type TrustWorld } from '../../exchange/signing-service/trust-world.ts';
import { makeMember } from '../../signing/x509/certificates.ts';
import { FixedClock } from '../../world/fixed-clock.ts';
import { PROGRAM } from '../../world/program.ts';

interface Line {
  readonly keyId: string;
  readonly purpose: string;
  readonly algorithm: string;
  readonly provider: string;
  readonly subject: string;
  readonly serial: string;
  readonly maxUses: number | null;
  readonly state: string;
}

describe('zhengku key', function () {
  this.timeout(120_000);
  let world: TrustWorld;
  let settings: Record<string, string>;
  before(async () => {
    // the commands know no clock but the machine's: the service shows the same day
    world = await openTrustWorld([], new FixedClock(new Date()));
    settings = {
      ZHENGKU_MODE: 'demo',
      ZHENGKU_DATA_DIR: join(world.folder, 'house'),
      ZHENGKU_KEY_SERVICE_URL: world.trust.urls.keyService,
      ZHENGKU_KEY_SERVICE_TOKEN_FILE: world.trust.urls.keyServiceTokenFile,
    };
  });
  after(() => world.close());

  async function zhengku(input: string, ...args: string[]) {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env.PATH, ...settings },
    });
    child.stdin.end(input);
    const said = { out: '', err: '' };
    child.stdout.on('data', (part) => {
      said.out += String(part);
    });
    child.stderr.on('data', (part) => {
      said.err += String(part);
    });
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, ...said };
  }
  const key = (...args: string[]) => zhengku('', 'key', ...args);
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);

  it('explains itself, and wants a word it knows', async () => {
    expect(await key('--help')).to.deep.include({ status: 0 });
    expect((await key('steal')).status).to.equal(2);
  });

  it('takes a key file for the repository, and limits it', async () => {
    const root = await makeMember('RSA', 'root', '根');
    const leaf = await makeMember('RSA', 'signer', '市证照库', root, { notAfter: new Date('2099-01-01T00:00:00Z') });
    const file = join(world.folder, 'own.p12');
    writeFileSync(file, exportPkcs12({ key: leaf.pkcs8, certificates: [leaf.certificate] }, 'file secret'));
    const wrong = await zhengku('guess\n', 'key', 'import', '--file', file, '--body', 'house');
    expect(wrong.status).to.equal(1);
    expect(wrong.err).to.contain('KEY_FILE_REFUSED');
    const taken = await zhengku('file secret\n', 'key', 'import', '--file', file, '--body', 'house', '--max-uses', '9');
    expect(taken.err).to.equal('');
    const [view] = linesOf(taken.out);
    expect(view).to.deep.include({ purpose: 'repository', algorithm: 'RSA', provider: 'software', maxUses: 9 });
    const limited = await key('limit', '--key', view?.keyId ?? '', '--max-uses', 'none', '--state', 'disabled');
    expect(linesOf(limited.out)[0]).to.deep.include({ maxUses: null, state: 'disabled' });
  });

  it('registers a key of the signing service, which shows that it has it', async () => {
    const args = ['register', '--body', 'house', '--remote'];
    expect((await key(...args, 'nobody')).err).to.contain('NOT_FOUND');
    const registered = await key(...args, 'city-sm2');
    expect(linesOf(registered.out)[0], registered.err).to.deep.include({ provider: 'remote', algorithm: 'SM2' });
  });

  it('revokes a certificate of the development authority, and the list that is written out says so', async () => {
    const listed = linesOf((await key('list')).out);
    const own = listed.find(({ purpose, subject }) => purpose === 'seal-maker' && subject.includes('测试专用'));
    expect((await key('revoke', '--key', own?.keyId ?? '', '--reason', 'superseded')).status).to.equal(0);
    expect((await key('revoke', '--key', own?.keyId ?? '')).err).to.contain('ALREADY_EXISTS');
    expect((await key('revoke', '--key', own?.keyId ?? '', '--reason', 'whim')).err).to.contain('/reason'.slice(1));
    const crls = join(world.folder, 'crls');
    await zhengku('', 'trust', 'export', '--to', join(world.folder, 'trust'), '--crl', crls);
    const [der] = fromPemOrDer(readFileSync(join(crls, 'issuing-sm2.pem')), 'X509 CRL');
    const [maker] = fromPemOrDer(readFileSync(join(world.folder, 'trust', 'seal-maker-sm2.pem')), 'CERTIFICATE');
    const { serial } = parseCertificate(maker ?? expect.fail());
    expect(parseCrl(der ?? expect.fail()).revoked.get(serial)?.reason).to.equal(4);
  });

  it('puts all keys under another passphrase, which is a setting from then on', async () => {
    expect((await zhengku('too short\n', 'key', 'passphrase')).err).to.contain('PASSPHRASE_SHORT');
    const changed = await zhengku('a long new passphrase\n', 'key', 'passphrase');
    expect(changed.status, changed.err).to.equal(0);
    const again = await zhengku('another long passphrase\n', 'key', 'passphrase');
    expect(again.err).to.contain('KEY_FILE_REFUSED');
    settings.ZHENGKU_KEY_PASSPHRASE = 'a long new passphrase';
    expect((await zhengku('another long passphrase\n', 'key', 'passphrase')).status).to.equal(0);
  });
});
