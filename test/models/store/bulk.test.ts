import { expect } from 'chai';
import { readRows } from '../../../models/store/bulk-read.ts';
import { deleteRows, insertMissing, insertRows, putRows, updateRows } from '../../../models/store/bulk-write.ts';
import type { Database } from '../../../models/store/database.ts';
import { closeDatabase, openDatabase as open } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { isDuplicate, withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const AT = new Date('2026-03-02T01:02:03.456Z');

eachDatabase('many rows at once', (openDatabase) => {
  const folder = temporaryFolder();
  let db: Database;

  before(async function () {
    this.timeout(60_000);
    db = open((await openDatabase()) ?? `sqlite:${folder.path}/bulk.db`);
    await migrate(db);
  });

  after(async () => {
    await closeDatabase(db);
    folder.remove();
  });

  const message = (id: string) => ({
    ...{ id, topic: 'bulk', subject: `it's \\ "${id}" 證\n照🀄`, payload: { id, list: [1, null, 'ü'] } },
    ...{ state: 'waiting' as const, attempts: 0, runAt: AT, lockedUntil: null, owner: null, lastError: null },
    ...{ createdAt: AT, doneAt: null, lane: 0, frontEnd: null, pushedAt: null },
  });

  it('come back as single rows do', async () => {
    const rows = [message('a1'), message('a2'), message('a3')];
    await withTransaction(db, (tx) => insertRows(db, tx, db.rows.outbox, rows));
    await db.rows.outbox.create(message('a4'));
    const read = await readRows(db.rows.outbox, { where: { topic: 'bulk' }, order: [['id', 'ASC']] });
    expect(read).to.deep.equal([...rows, message('a4')]);
    const one = await db.rows.outbox.findByPk('a2');
    expect(one?.get()).to.deep.equal(message('a2'));
  });

  it('hold no half of a character, whichever way they were written', async () => {
    const half = (id: string) => ({
      ...message(id),
      subject: `half \ud83d`,
      topic: 'half',
      payload: { '\udc00': '\ud83d' },
    });
    await withTransaction(db, (tx) => insertRows(db, tx, db.rows.outbox, [half('h1'), half('h2'), half('h3')]));
    await withTransaction(db, (tx) => updateRows(db, tx, db.rows.outbox, 'id', [{ id: 'h2', lastError: '\udc00!' }]));
    await withTransaction(db, (tx) => putRows(db, tx, db.rows.outbox, 'id', [{ ...half('h3'), owner: '\ud83d' }]));
    await db.rows.outbox.create(half('h4'));
    await db.rows.outbox.update({ owner: 'one \ud83d' }, { where: { id: 'h4' } });
    const read = await readRows(db.rows.outbox, { where: { topic: 'half' }, order: [['id', 'ASC']] });
    expect(read.map(({ subject, lastError, owner }) => [subject, lastError, owner])).to.deep.equal([
      ['half \ufffd', null, null],
      ['half \ufffd', '\ufffd!', null],
      ['half \ufffd', null, '\ufffd'],
      ['half \ufffd', null, 'one \ufffd'],
    ]);
    for (const { payload } of read) expect(payload).to.deep.equal({ '\udc00': '\ud83d' });
    await withTransaction(db, (tx) => deleteRows(db, tx, db.rows.outbox, 'id', ['h1', 'h2', 'h3', 'h4', '\ud83d']));
    expect(await db.rows.outbox.count({ where: { topic: 'half' } })).to.equal(0);
  });

  it('are found by their instants, however they were written', async () => {
    const found = await readRows(db.rows.outbox, { where: { topic: 'bulk', runAt: AT }, attributes: ['id'] });
    expect(found).to.have.length(4);
  });

  it('change each to its own', async () => {
    const changed = ['a1', 'a3'].map((id, index) => ({ id, attempts: index + 5, lastError: `“${id}”`, doneAt: AT }));
    await withTransaction(db, (tx) => updateRows(db, tx, db.rows.outbox, 'id', changed));
    const read = await readRows(db.rows.outbox, { where: { topic: 'bulk' }, order: [['id', 'ASC']] });
    expect(read.map(({ attempts, lastError }) => [attempts, lastError])).to.deep.equal([
      [5, '“a1”'],
      [0, null],
      [6, '“a3”'],
      [0, null],
    ]);
    expect(read[0]?.doneAt).to.deep.equal(AT);
  });

  it('go, and no others with them', async () => {
    const rows = ['d1', 'd2', "d'3"].map((id) => ({ ...message(id), topic: 'gone' }));
    await withTransaction(db, (tx) => insertRows(db, tx, db.rows.outbox, rows));
    await withTransaction(db, (tx) => deleteRows(db, tx, db.rows.outbox, 'id', ['d1', "d'3", 'never there']));
    await withTransaction(db, (tx) => deleteRows(db, tx, db.rows.outbox, 'id', []));
    expect((await readRows(db.rows.outbox, { where: { topic: 'gone' } })).map(({ id }) => id)).to.deep.equal(['d2']);
  });

  it('are never asked for by an instant without its milliseconds', async () => {
    const asked = db.sequelize.query('SELECT COUNT(*) FROM outbox WHERE run_at <= :at', { replacements: { at: AT } });
    expect(await asked.catch((error: unknown) => String(error))).to.include('instantText');
  });

  it('stop at a key that is taken, and keep nothing', async () => {
    const taken = await withTransaction(db, (tx) =>
      insertRows(db, tx, db.rows.outbox, [message('b1'), message('a1')]),
    ).catch((error: unknown) => error);
    expect(isDuplicate(taken)).to.equal(true);
    expect(await db.rows.outbox.count({ where: { id: 'b1' } })).to.equal(0);
  });

  it('leave out what is there, when asked', async () => {
    await withTransaction(db, (tx) => insertMissing(db, tx, db.rows.outbox, 'id', [message('c1'), message('a2')]));
    expect(await db.rows.outbox.count({ where: { topic: 'bulk' } })).to.equal(5);
  });

  it('take the place of what is there, when asked, but for what is to be kept', async () => {
    const put = [{ ...message('a2'), attempts: 9, owner: 'now' }, message('d1')];
    await withTransaction(db, (tx) => putRows(db, tx, db.rows.outbox, 'id', put, ['owner']));
    expect((await db.rows.outbox.findByPk('a2'))?.get()).to.include({ attempts: 9, owner: null });
    expect(await db.rows.outbox.count({ where: { id: 'd1' } })).to.equal(1);
  });

  it('are written in portions when they are many', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => ({ ...message(`m${index}`), topic: 'many' }));
    await withTransaction(db, (tx) => insertRows(db, tx, db.rows.outbox, many));
    await withTransaction(db, (tx) =>
      updateRows(
        db,
        tx,
        db.rows.outbox,
        'id',
        many.map(({ id }, index) => ({ id, attempts: index })),
      ),
    );
    const read = await readRows(db.rows.outbox, { where: { topic: 'many' } });
    expect(read).to.have.length(2500);
    expect(read.every(({ id, attempts }) => id === `m${attempts}`)).to.equal(true);
  });
});
