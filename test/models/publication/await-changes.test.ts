import { expect } from 'chai';
import { houseCaller } from '../../../models/house.ts';
import { awaitChanges } from '../../../models/publication/list-changes.ts';
import { publishChanges } from '../../../models/publication/publish-changes.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { CONSUMER, ISSUER } from '../../world/sample-entry.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { change } from './feed-world.ts';

const reader = callerWith(['issuer.clerk'], ISSUER);

eachDatabase('readers of the feed who wait', (openDatabase) => {
  let house: TestHouse;
  let from = '';
  /** Looks that are due; a second passes when one of them is let go. */
  let due: (() => void)[] = [];
  let tell = () => {};

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });
  after(() => house.close());

  beforeEach(async () => {
    due = [];
    ({ next: from } = await read({ after: 'latest' }));
  });

  const never = () => new AbortController().signal;
  const pause = () =>
    new Promise<void>((resolve) => {
      due.push(resolve);
      tell();
    });
  const read = (query: object, over = never(), by = reader) => awaitChanges(house, by, query, { over, pause });
  const second = async () => {
    if (due.length === 0)
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    for (const go of due.splice(0)) go();
  };
  const commit = (...changes: ReturnType<typeof change>[]) =>
    withTransaction(house.db, (tx) => publishChanges(house, tx, houseCaller('test'), changes));

  it('are answered with the first look that finds something', async () => {
    const page = read({ after: from, wait: 30 });
    await second();
    await commit(change('A', 1));
    await second();
    expect((await page).items.map(({ identifier }) => identifier)).to.deep.equal(['identifier-A']);
  });

  it('are answered at once when there is something, and when they do not wait', async () => {
    expect(await read({ after: from })).to.deep.equal({ items: [], next: from, more: false });
    await commit(change('B', 1));
    expect((await read({ after: from, wait: 30 })).items).to.have.length(1);
    expect((await read({ after: 'latest', wait: 30 })).items).to.deep.equal([]);
    expect(due).to.deep.equal([]);
  });

  it('are answered with an empty page when the seconds are over', async () => {
    const page = read({ after: from, wait: 2 });
    await second();
    await second();
    expect(await page).to.deep.equal({ items: [], next: from, more: false });
  });

  it('are let go when they leave', async () => {
    const leaving = new AbortController();
    const page = read({ after: from, wait: 30 }, leaving.signal);
    while (due.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    expect(await page).to.deep.equal({ items: [], next: from, more: false });
    await second();
  });

  it('wait on when what came is nothing of theirs, and do not look at it again', async () => {
    const consumer = callerWith(['consumer.window'], CONSUMER);
    const page = read({ after: from, wait: 2 }, never(), consumer);
    while (due.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await commit(change('C', 1));
    await second();
    await second();
    const { items, next } = await page;
    expect(items).to.deep.equal([]);
    expect(next).to.not.equal(from);
  });

  it('share one look a second, however many they are, and hold nothing of the database', async () => {
    const pages = Array.from({ length: 40 }, () => read({ after: from, wait: 30 }));
    while (due.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await house.db.rows.licences.count()).to.equal(0);
    await commit(change('D', 1));
    expect(due).to.have.length(1);
    await second();
    expect((await Promise.all(pages)).map(({ items }) => items.length)).to.deep.equal(Array(40).fill(1));
    expect(due).to.deep.equal([]);
  });
});
