import { expect } from 'chai';
import { inLane } from '../../../models/kernel/lane.ts';
import { addToOutbox } from '../../../models/store/outbox/add-to-outbox.ts';
import { drainOutbox, type OutboxItem, Unrecoverable } from '../../../models/store/outbox/drain-outbox.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

eachDatabase('the outbox', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  beforeEach(() => house.db.rows.outbox.destroy({ where: {} }));

  const put = (...messages: readonly (readonly [subject: string, payload: unknown])[]) =>
    withTransaction(house.db, async (tx) => {
      for (const [subject, payload] of messages) await addToOutbox(house, tx, { topic: 't', subject, payload });
    });

  /** A handler that remembers what it was given, and fails where it is told to. */
  function handler(fail: (item: OutboxItem) => Error | undefined = () => undefined) {
    const seen: unknown[] = [];
    const batches: string[][] = [];
    const handle = (items: readonly OutboxItem[]) => {
      batches.push(items.map((item) => item.subject));
      seen.push(...items.map((item) => item.payload));
      return Promise.resolve(items.map(fail));
    };
    return { seen, batches, handle };
  }

  it('hands out what was put in, once, and is empty afterwards', async () => {
    await put(['a', { n: 1 }], ['b', '二'], ['c', [0]]);
    const { seen, handle } = handler();
    expect(await drainOutbox(house, 't', handle)).to.deep.equal({ done: 3, delayed: 0, failed: 0 });
    expect(seen).to.deep.equal([{ n: 1 }, '二', [0]]);
    expect(await drainOutbox(house, 't', handle)).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
  });

  it('keeps a message only with the transaction that put it in', async () => {
    const undone = withTransaction(house.db, async (tx) => {
      await addToOutbox(house, tx, { topic: 't', subject: 'a', payload: 1 });
      throw new Error('undone');
    });
    await undone.catch(() => undefined);
    expect(await house.db.rows.outbox.count()).to.equal(0);
  });

  it('leaves the messages of another topic alone', async () => {
    await put(['a', 1]);
    expect(await drainOutbox(house, 'other', handler().handle)).to.include({ done: 0 });
  });

  it('keeps the order within a subject, never two of one subject in a batch', async () => {
    const messages = Array.from({ length: 40 }, (_, n) => [`s${n % 4}`, n] as const);
    await put(...messages);
    const { seen, batches, handle } = handler();
    await drainOutbox(house, 't', handle, 3);
    for (const subject of [0, 1, 2, 3]) {
      const own = (seen as number[]).filter((n) => n % 4 === subject);
      expect(own)
        .to.deep.equal([...own].sort((a, b) => a - b))
        .and.have.length(10);
    }
    for (const batch of batches) expect(new Set(batch).size).to.equal(batch.length);
  });

  it('waits longer after each failure, and not a moment less', async () => {
    await put(['a', 1]);
    const { seen, handle } = handler(() => new Error('not now'));
    const waits = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900];
    for (const [at, seconds] of waits.entries()) {
      expect(await drainOutbox(house, 't', handle)).to.include({ delayed: 1 });
      expect(seen).to.have.length(at + 1);
      house.time.advance({ seconds: seconds - 1 });
      expect(await drainOutbox(house, 't', handle), `before ${seconds} s`).to.include({ delayed: 0 });
      house.time.advance({ seconds: 1 + Math.ceil(seconds / 4) });
    }
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 1 });
    const [row] = await house.db.rows.outbox.findAll();
    expect(row).to.include({ state: 'done', attempts: waits.length, lastError: 'not now' });
  });

  it('holds back only the subject that fails, and that one in its order', async () => {
    await put(['bad', 1], ['bad', 2], ['good', 3], ['good', 4]);
    const first = handler((item) => (item.payload === 1 ? new Error('no') : undefined));
    expect(await drainOutbox(house, 't', first.handle)).to.deep.equal({ done: 2, delayed: 1, failed: 0 });
    expect(first.seen).to.deep.equal([1, 3, 4]);
    house.time.advance({ minutes: 1 });
    const second = handler();
    await drainOutbox(house, 't', second.handle);
    expect(second.seen).to.deep.equal([1, 2]);
  });

  it('is not held up by a long queue of one subject that fails', async () => {
    await put(...Array.from({ length: 30 }, (_, n) => ['bad', n] as const), ['good', 'through']);
    const { seen, handle } = handler((item) => (item.subject === 'bad' ? new Error('no') : undefined));
    await drainOutbox(house, 't', handle, 2);
    expect(seen).to.deep.equal([0, 'through']);
  });

  it('tries a batch again whose handler threw', async () => {
    await put(['a', 1], ['b', 2]);
    const thrown = await drainOutbox(house, 't', () => Promise.reject(new Error('the line is down')));
    expect(thrown).to.deep.equal({ done: 0, delayed: 2, failed: 0 });
    house.time.advance({ minutes: 1 });
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 2 });
  });

  it('gives up what cannot be helped, keeps why, and goes on with the subject', async () => {
    await put(['a', 1], ['a', 2]);
    const { seen, handle } = handler((item) =>
      item.payload === 1 ? new Unrecoverable('refused for good') : undefined,
    );
    expect(await drainOutbox(house, 't', handle)).to.deep.equal({ done: 1, delayed: 0, failed: 1 });
    expect(seen).to.deep.equal([1, 2]);
    const failed = await house.db.rows.outbox.findOne({ where: { state: 'failed' } });
    expect(failed).to.include({ payload: 1, lastError: 'refused for good' });
  });

  it('delivers again what a worker took and never settled, once its lease has ended', async () => {
    await put(['a', 1], ['a', 2]);
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    let taken: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const dead = drainOutbox(house, 't', async (items) => {
      taken();
      await stuck;
      return items.map(() => undefined);
    });
    await started;
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle);
    expect(seen, 'while the lease lasts').to.deep.equal([]);
    house.time.advance({ seconds: 61 });
    await drainOutbox(house, 't', handle);
    expect(seen).to.deep.equal([1, 2]);
    release();
    await dead;
  });

  it('gives each message to one of several workers at once, and keeps the order', async function () {
    this.timeout(60_000);
    await put(...Array.from({ length: 120 }, (_, n) => [`s${n % 6}`, n] as const));
    const { seen, handle } = handler();
    await Promise.all([1, 2, 3, 4].map(() => drainOutbox(house, 't', handle, 2)));
    await drainOutbox(house, 't', handle);
    expect([...(seen as number[])].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 120 }, (_, n) => n));
    for (const subject of [0, 1, 2, 3, 4, 5]) {
      const own = (seen as number[]).filter((n) => n % 6 === subject);
      expect(own).to.deep.equal([...own].sort((a, b) => a - b));
    }
  });

  it('hands out what the counter put in before bulk that came earlier', async () => {
    await inLane('bulk', () => put(['a', 'bulk a'], ['b', 'bulk b']));
    await put(['c', 'counter c']);
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle, 1);
    expect(seen).to.deep.equal(['counter c', 'bulk a', 'bulk b']);
  });

  it('lets bulk that waits on a subject of the counter go with it, so that the order of the subject holds', async () => {
    await inLane('bulk', () => put(['a', 'bulk a'], ['b', 'bulk b']));
    await put(['b', 'counter b']);
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle, 1);
    expect(seen).to.deep.equal(['bulk b', 'counter b', 'bulk a']);
  });
});
