import { expect } from 'chai';
import { inLane } from '../../../models/kernel/lane.ts';
import { addToOutbox } from '../../../models/store/outbox/add-to-outbox.ts';
import type { OutboxTurn } from '../../../models/store/outbox/claim-turns.ts';
import { drainOutbox, Unrecoverable } from '../../../models/store/outbox/drain-outbox.ts';
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
  function handler(fail: (turn: OutboxTurn) => Error | undefined = () => undefined) {
    const seen: unknown[] = [];
    const batches: string[][] = [];
    const handle = (turns: readonly OutboxTurn[]) => {
      batches.push(turns.map(({ subject }) => subject));
      seen.push(...turns.flatMap(({ items }) => items.map(({ payload }) => payload)));
      return Promise.resolve({ outcomes: turns.map(fail) });
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

  it('hands out at once what was put in within the same second', async () => {
    house.time.advance({ milliseconds: 123 });
    await put(['a', 1]);
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 1 });
  });

  it('waits for nobody who is just putting something in', async () => {
    // On SQLite there is one writer at a time.
    if (house.db.dialect !== 'mysql') return;
    await put(...Array.from({ length: 40 }, (_, n) => [`s${n}`, n] as const));
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let isPut: () => void = () => undefined;
    const isThere = new Promise<void>((resolve) => {
      isPut = resolve;
    });
    const putting = withTransaction(house.db, async (tx) => {
      for (let n = 0; n < 40; n += 1) await addToOutbox(house, tx, { topic: 't', subject: `later${n}`, payload: n });
      isPut();
      await ended;
    });
    await isThere;
    const fail = (turn: OutboxTurn) => (turn.subject === 's7' ? new Error('away') : undefined);
    expect(await drainOutbox(house, 't', handler(fail).handle)).to.include({ done: 39, delayed: 1 });
    end();
    await putting;
  });

  it('leaves the messages of another topic alone', async () => {
    await put(['a', 1]);
    expect(await drainOutbox(house, 'other', handler().handle)).to.include({ done: 0 });
  });

  it('gives several messages of one subject as one turn, in their order, each subject once', async () => {
    const messages = Array.from({ length: 40 }, (_, n) => [`s${n % 4}`, n] as const);
    await put(...messages);
    const { seen, batches, handle } = handler();
    await drainOutbox(house, 't', handle, { most: 3 });
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
    const [row] = await house.db.rows.outbox.findAll();
    expect(row).to.include({ state: 'waiting', attempts: waits.length, lastError: 'not now' });
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 1 });
    expect(await house.db.rows.outbox.count()).to.equal(0);
  });

  it('goes on trying for days', async () => {
    await put(['a', 1]);
    const failing = handler(() => new Error('not now'));
    for (let hour = 0; hour < 24 * 5; hour += 4) {
      house.time.advance({ hours: 4 });
      expect(await drainOutbox(house, 't', failing.handle)).to.include({ delayed: 1 });
    }
    house.time.advance({ hours: 1 });
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 1 });
  });

  it('holds back only the subject that fails, and that one with all it has', async () => {
    await put(['bad', 1], ['bad', 2], ['good', 3], ['good', 4]);
    const first = handler(({ subject }) => (subject === 'bad' ? new Error('no') : undefined));
    expect(await drainOutbox(house, 't', first.handle)).to.deep.equal({ done: 2, delayed: 2, failed: 0 });
    expect(first.seen).to.deep.equal([1, 2, 3, 4]);
    house.time.advance({ minutes: 1 });
    const second = handler();
    await drainOutbox(house, 't', second.handle);
    expect(second.seen).to.deep.equal([1, 2]);
  });

  it('gives a subject that waits its turn at once when something new of it comes', async () => {
    await put(['a', 1]);
    await drainOutbox(house, 't', handler(() => new Error('no')).handle);
    await put(['a', 2]);
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle);
    expect(seen).to.deep.equal([1, 2]);
  });

  it('is not held up by a long queue of one subject that fails', async () => {
    await put(...Array.from({ length: 30 }, (_, n) => ['bad', n] as const), ['good', 'through']);
    const { seen, handle } = handler(({ subject }) => (subject === 'bad' ? new Error('no') : undefined));
    await drainOutbox(house, 't', handle, { most: 2 });
    expect(seen).to.include('through');
    expect(seen.filter((one) => one === 0)).to.deep.equal([0]);
  });

  it('records what became of a batch in the transaction that takes it out, or neither', async () => {
    await put(['a', 1]);
    const broken = drainOutbox(house, 't', (turns) =>
      Promise.resolve({
        outcomes: turns.map(() => undefined),
        remember: async (tx) => {
          await addToOutbox(house, tx, { topic: 'other', subject: 'b', payload: 0 });
          throw new Error('the disk is full');
        },
      }),
    );
    expect(await broken.catch((error: Error) => error.message)).to.equal('the disk is full');
    expect(await house.db.rows.outbox.count({ where: { topic: 'other' } })).to.equal(0);
    house.time.advance({ minutes: 2 });
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle);
    expect(seen).to.deep.equal([1]);
  });

  it('ends when nobody answers, and keeps what waits as it was', async () => {
    await put(['a', 1], ['b', 2], ['c', 3]);
    let batches = 0;
    const away = await drainOutbox(
      house,
      't',
      (turns) => {
        batches += 1;
        return Promise.resolve({ outcomes: turns.map(() => new Error('away')), stop: true });
      },
      { most: 1 },
    );
    expect({ batches, ...away }).to.deep.equal({ batches: 1, done: 0, delayed: 1, failed: 0 });
    const rows = await house.db.rows.outbox.findAll();
    expect(rows.map(({ attempts, lockedUntil }) => [attempts, lockedUntil])).to.deep.equal([
      [0, null],
      [0, null],
      [0, null],
    ]);
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 3 });
  });

  it('tries a batch again whose handler threw', async () => {
    await put(['a', 1], ['b', 2]);
    const thrown = await drainOutbox(house, 't', () => Promise.reject(new Error('the line is down')));
    expect(thrown).to.deep.equal({ done: 0, delayed: 2, failed: 0 });
    house.time.advance({ minutes: 1 });
    expect(await drainOutbox(house, 't', handler().handle)).to.include({ done: 2 });
  });

  it('gives up what cannot be helped, and goes on with what comes of the subject later', async () => {
    await put(['a', 1]);
    const refusing = handler(() => new Unrecoverable('refused for good'));
    expect(await drainOutbox(house, 't', refusing.handle)).to.deep.equal({ done: 0, delayed: 0, failed: 1 });
    expect(await house.db.rows.outbox.count()).to.equal(0);
    await put(['a', 2]);
    const { seen, handle } = handler();
    expect(await drainOutbox(house, 't', handle)).to.include({ done: 1 });
    expect(seen).to.deep.equal([2]);
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
    const recorded: string[] = [];
    const dead = drainOutbox(house, 't', async (turns) => {
      taken();
      await stuck;
      return {
        outcomes: turns.map(() => undefined),
        remember: (_, lost) => {
          recorded.push(...turns.map(({ subject }) => subject).filter((subject) => !lost.has(subject)));
          return Promise.resolve();
        },
      };
    });
    await started;
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle);
    expect(seen, 'while the lease lasts').to.deep.equal([]);
    house.time.advance({ seconds: 61 });
    await drainOutbox(house, 't', handle);
    expect(seen).to.deep.equal([1, 2]);
    release();
    expect(await dead).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
    expect(recorded, 'by the one that lost its lease').to.deep.equal([]);
  });

  it('gives each message to one of several workers at once, and keeps the order', async function () {
    this.timeout(60_000);
    await put(...Array.from({ length: 120 }, (_, n) => [`s${n % 6}`, n] as const));
    const { seen, handle } = handler();
    await Promise.all([1, 2, 3, 4].map(() => drainOutbox(house, 't', handle, { most: 2 })));
    await drainOutbox(house, 't', handle);
    expect([...(seen as number[])].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 120 }, (_, n) => n));
    for (const subject of [0, 1, 2, 3, 4, 5]) {
      const own = (seen as number[]).filter((n) => n % 6 === subject);
      expect(own).to.deep.equal([...own].sort((a, b) => a - b));
    }
  });

  /** Takes one batch and does not come to its end. */
  function busy(most: number) {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let start: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const stop = new AbortController();
    const done = drainOutbox(
      house,
      't',
      async (turns) => {
        start();
        await released;
        return { outcomes: turns.map(() => undefined) };
      },
      { most, signal: stop.signal },
    );
    // It is at its first batch, and begins no other.
    return { started: started.then(() => stop.abort()), release, done };
  }

  it('finds what waits behind any number of messages of subjects that others are at work on', async () => {
    await put(['a', 1], ['b', 2]);
    const other = busy(2);
    await other.started;
    await put(['a', 3], ['b', 4], ['a', 5], ['b', 6], ['c', 7], ['d', 8]);
    const { seen, handle } = handler();
    expect(await drainOutbox(house, 't', handle, { most: 2 })).to.include({ done: 2 });
    expect(seen).to.deep.equal([7, 8]);
    other.release();
    expect(await other.done).to.include({ done: 2 });
    await drainOutbox(house, 't', handle, { most: 2 });
    expect(seen.slice(2)).to.have.members([3, 4, 5, 6]);
  });

  it('begins no further batch once it is told to stop, and finishes those under way', async () => {
    await put(...Array.from({ length: 40 }, (_, n) => [`s${n}`, n] as const));
    const stop = new AbortController();
    const { seen, batches, handle } = handler();
    const stopping = async (turns: readonly OutboxTurn[]) => {
      if (batches.length === 2) stop.abort();
      return handle(turns);
    };
    const drained = await drainOutbox(house, 't', stopping, { most: 5, signal: stop.signal });
    expect({ drained, batches: batches.length }).to.deep.equal({
      drained: { done: 15, delayed: 0, failed: 0 },
      batches: 3,
    });
    expect(await house.db.rows.outbox.count({ where: { lockedUntil: null } })).to.equal(25);
    expect(await drainOutbox(house, 't', handle, { signal: stop.signal })).to.include({ done: 0 });
    await drainOutbox(house, 't', handle);
    expect(seen).to.deep.equal(Array.from({ length: 40 }, (_, n) => n));
  });

  it('hands out what the counter put in before bulk that came earlier', async () => {
    await inLane('bulk', () => put(['a', 'bulk a'], ['b', 'bulk b']));
    await put(['c', 'counter c']);
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle, { most: 1 });
    expect(seen).to.deep.equal(['counter c', 'bulk a', 'bulk b']);
  });

  it('lets bulk that waits on a subject of the counter go with it, so that the order of the subject holds', async () => {
    await inLane('bulk', () => put(['a', 'bulk a'], ['b', 'bulk b']));
    await put(['b', 'counter b']);
    const { seen, handle } = handler();
    await drainOutbox(house, 't', handle, { most: 1 });
    expect(seen).to.deep.equal(['bulk b', 'counter b', 'bulk a']);
  });
});
