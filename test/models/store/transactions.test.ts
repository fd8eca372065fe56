import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { closeDatabase, type Database, openDatabase } from '../../../models/store/database.ts';
import { migrate, pendingMigrations } from '../../../models/store/migrate.ts';
import { isDuplicate, withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';

const EXTENT = 200;
const run = promisify(execFile);

eachDatabase('transactions', (openUrl) => {
  let db: Database;

  before(async () => {
    db = openDatabase(await openUrl());
    await migrate(db);
  });

  after(() => closeDatabase(db));

  const person = (id: string, name = '王一') => ({ id, organisationCode: 'o', name, duty: '经办', phoneCipher: null });

  it('keep everything of an act, or nothing', async () => {
    const { persons } = db.rows;
    await withTransaction(db, async (transaction) => {
      await persons.create(person('kept'), { transaction });
      await persons.create(person('kept too'), { transaction });
    });
    const failed = withTransaction(db, async (transaction) => {
      await persons.create(person('lost'), { transaction });
      await persons.update({ name: '别人' }, { where: { id: 'kept' }, transaction });
      await persons.destroy({ where: { id: 'kept too' }, transaction });
      throw new Error('in the middle');
    });
    await failed.then(
      () => expect.fail('it should have failed'),
      (error: Error) => expect(error.message).to.equal('in the middle'),
    );
    expect(await persons.findByPk('lost')).to.equal(null);
    expect((await persons.findByPk('kept'))?.name).to.equal('王一');
    expect(await persons.findByPk('kept too')).to.not.equal(null);
  });

  it('refuse to be nested, and the outer one is undone', async () => {
    const nested = withTransaction(db, async (transaction) => {
      await db.rows.persons.create(person('outer'), { transaction });
      await withTransaction(db, () => Promise.resolve());
    });
    await nested.then(
      () => expect.fail('it should have thrown'),
      (error: Error) => expect(error.message).to.contain('nested'),
    );
    expect(await db.rows.persons.findByPk('outer')).to.equal(null);
  });

  it('may follow one another, also after a failed one', async () => {
    await withTransaction(db, () => Promise.reject(new Error('first'))).catch(() => undefined);
    expect(await withTransaction(db, () => Promise.resolve('second'))).to.equal('second');
  });

  it(`count every one of ${EXTENT} changes of one row at once`, async function () {
    this.timeout(60_000);
    const { persons } = db.rows;
    await withTransaction(db, (transaction) => persons.create(person('counter', '0'), { transaction }));
    const add = () =>
      withTransaction(db, async (transaction) => {
        const row = await persons.findByPk('counter', { transaction, lock: true });
        await row?.update({ name: String(Number(row.name) + 1) }, { transaction });
      });
    await Promise.all(Array.from({ length: EXTENT }, add));
    expect((await persons.findByPk('counter'))?.name).to.equal(String(EXTENT));
  });

  it('name a duplicate key as such', async () => {
    const { persons } = db.rows;
    await withTransaction(db, (transaction) => persons.create(person('once'), { transaction }));
    const again = await withTransaction(db, (transaction) => persons.create(person('once'), { transaction })).catch(
      (error: unknown) => error,
    );
    expect(isDuplicate(again)).to.equal(true);
    expect(isDuplicate(new Error('other'))).to.equal(false);
  });
});

eachDatabase('migrations', (openUrl) => {
  it('run once each, and are done after that for every process', async () => {
    const url = await openUrl();
    const one = openDatabase(url);
    expect(await pendingMigrations(one)).to.not.have.length(0);
    const ran = await migrate(one);
    expect(ran).to.deep.equal([...ran].sort());
    expect(await migrate(one)).to.deep.equal([]);
    expect(await pendingMigrations(one)).to.deep.equal([]);
    await one.rows.holders.create({
      id: 'h',
      type: 'legal',
      name: 'n',
      numberType: '001',
      numberCipher: 'c',
      numberIndex: 'i',
      createdAt: new Date(0),
    });
    await closeDatabase(one);
    const two = openDatabase(url);
    expect(await migrate(two)).to.deep.equal([]);
    expect((await two.rows.holders.findByPk('h'))?.name).to.equal('n');
    await closeDatabase(two);
  });

  it('give the access log its head once', async () => {
    const db = openDatabase(await openUrl());
    await migrate(db);
    await migrate(db);
    expect((await db.rows.auditHead.findAll()).map((row) => row.get())).to.deep.equal([
      { id: 1, seq: 0, hash: '0'.repeat(64) },
    ]);
    await closeDatabase(db);
  });

  it('run once when several processes start together', async function () {
    this.timeout(60_000);
    const url = await openUrl();
    const script = fileURLToPath(new URL('migrate-once.ts', import.meta.url));
    const start = () => run(process.execPath, ['--import', 'tsx', script, url]);
    const outputs = await Promise.all([start(), start(), start()]);
    const ran = outputs.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
    const one = openDatabase(url);
    expect(ran).to.not.have.length(0);
    expect(new Set(ran).size).to.equal(ran.length);
    expect(await pendingMigrations(one)).to.deep.equal([]);
    expect(await one.rows.auditHead.count()).to.equal(1);
    await closeDatabase(one);
  });
});
