import { copyFileSync, linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { registerMachine } from '../../exchange/front-end/register-machine.ts';
import type { Fault } from '../../models/kernel/fault.ts';
import { bureauOfficer, clerk, ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { openDepartment } from './department.ts';

describe('a machine registered over HTTP', () => {
  let house: TestHouse;
  let folder: TemporaryFolder;
  let outside: TemporaryFolder;
  const inside = (name: string) => join(folder.path, name);

  before(async function () {
    this.timeout(60_000);
    [folder, outside] = [temporaryFolder(), temporaryFolder()];
    house = { ...(await openFurnishedHouse(`sqlite:${inside('zhengku.db')}`)), frontEndDir: folder.path };
    for (const file of [inside('machine.db'), join(outside.path, 'machine.db')])
      await (await openDepartment(`sqlite:${file}`)).connection.close();
  });

  after(async () => {
    await house.close();
    for (const one of [folder, outside]) one.remove();
  });

  const register = (url: string, at = house) =>
    registerMachine(at, bureauOfficer, { name: 'm', organisationCode: ISSUER, url, state: 'active' }).then(
      () => 'taken',
      (error: Fault) => error.errors.map(({ pointer, code }) => `${pointer} ${code}`).join(),
    );

  it('may be an exchange database below the operator’s folder', async () => {
    expect(await register(`sqlite:${inside('machine.db')}`)).to.equal('taken');
  });

  it('may be MySQL wherever it is', async () => {
    expect(await register('mysql://user:password@db.example/zk', { ...house, frontEndDir: undefined })).to.equal(
      'taken',
    );
  });

  it('is no file outside the folder, straight, by way of .. or behind a link', async () => {
    symlinkSync(join(outside.path, 'machine.db'), inside('link.db'));
    symlinkSync(outside.path, inside('linked'));
    const paths = ['/etc/passwd', '/no/such/file', join(outside.path, 'machine.db'), inside('link.db')];
    paths.push(inside('linked/machine.db'), `${folder.path}/../${outside.path.split('/').at(-1)}/machine.db`);
    for (const path of paths) expect(await register(`sqlite:${path}`), path).to.equal('/url FRONT_END_REFUSED');
  });

  it('is neither the repository’s own database, nor another name of it, nor a copy', async () => {
    linkSync(inside('zhengku.db'), inside('hard.db'));
    copyFileSync(inside('zhengku.db'), inside('copy.db'));
    for (const name of ['zhengku.db', 'hard.db', 'copy.db'])
      expect(await register(`sqlite:${inside(name)}`), name).to.equal('/url FRONT_END_REFUSED');
  });

  it('is nothing but an exchange database, and nothing is written into what is refused', async () => {
    writeFileSync(inside('empty'), '');
    writeFileSync(inside('text'), 'text');
    mkdirSync(inside('folder'));
    for (const name of ['empty', 'text', 'folder', '', ':memory:'])
      expect(await register(`sqlite:${inside(name)}`), name).to.equal('/url FRONT_END_REFUSED');
    expect(await register('sqlite::memory:')).to.equal('/url FRONT_END_REFUSED');
    expect(statSync(inside('empty')).size).to.equal(0);
  });

  it('is no file at all where the operator allows none', async () => {
    const closed = { ...house, frontEndDir: undefined };
    expect(await register(`sqlite:${inside('machine.db')}`, closed)).to.equal('/url FRONT_END_REFUSED');
  });

  it('is asked about by those alone who may register it', async () => {
    const input = { name: 'm', organisationCode: ISSUER, url: 'sqlite:/etc/passwd', state: 'active' as const };
    const code = await registerMachine(house, clerk, input).catch((error: Fault) => error.code);
    expect(code).to.equal('FORBIDDEN');
  });
});
