import { expect } from 'chai';
import { currentLane, inLane, type Lane } from '../../../models/kernel/lane.ts';
import { LaneGate } from '../../../models/kernel/lane-gate.ts';

/** An act that stays inside until it is let out, and says when it went in. */
function act(name: string, entered: string[]) {
  let leave = () => {};
  const out = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const go = async () => {
    entered.push(name);
    await out;
  };
  return { go, leave };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a gate with two lanes', () => {
  it('lets the counter go before bulk that came earlier', async () => {
    const gate = new LaneGate({ places: 1 });
    const entered: string[] = [];
    const acts = [act('bulk 1', entered), act('bulk 2', entered), act('counter', entered)];
    const lanes: Lane[] = ['bulk', 'bulk', 'counter'];
    const runs = acts.map(({ go }, index) => gate.run(go, lanes[index]));
    for (const { leave } of acts) leave();
    await Promise.all(runs);
    expect(entered).to.deep.equal(['bulk 1', 'counter', 'bulk 2']);
  });

  it('keeps the order within a lane', async () => {
    const gate = new LaneGate({ places: 1 });
    const entered: number[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        gate.run(async () => {
          entered.push(n);
        }),
      ),
    );
    expect(entered).to.deep.equal([1, 2, 3, 4]);
  });

  it('gives bulk no more places than it may have, so that the counter finds one', async () => {
    const gate = new LaneGate({ places: 3, bulkPlaces: 2 });
    const entered: string[] = [];
    const bulk = ['a', 'b', 'c'].map((name) => act(name, entered));
    const runs = bulk.map(({ go }) => gate.run(go, 'bulk'));
    await settled();
    expect(entered).to.deep.equal(['a', 'b']);
    const counter = act('counter', entered);
    const run = gate.run(counter.go, 'counter');
    await settled();
    expect(entered).to.deep.equal(['a', 'b', 'counter']);
    for (const { leave } of [...bulk, counter]) leave();
    await Promise.all([...runs, run]);
    expect(entered).to.deep.equal(['a', 'b', 'counter', 'c']);
  });

  it('lets bulk have a turn after many of the counter', async () => {
    const gate = new LaneGate({ places: 1 });
    const entered: string[] = [];
    const first = act('first', entered);
    const runs = [gate.run(first.go)];
    runs.push(gate.run(async () => void entered.push('bulk'), 'bulk'));
    for (let n = 0; n < 100; n += 1) runs.push(gate.run(async () => void entered.push('counter')));
    first.leave();
    await Promise.all(runs);
    expect(entered.indexOf('bulk')).to.be.within(2, 40);
  });

  it('opens again after an act that fails', async () => {
    const gate = new LaneGate({ places: 1 });
    const failing = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => Promise.resolve('yes'));
    expect(await failing.catch((error: Error) => error.message)).to.equal('no');
    expect(await next).to.equal('yes');
    await gate.idle();
  });

  it('takes the lane from whoever said it, through everything that is awaited', async () => {
    const gate = new LaneGate({ places: 1 });
    const seen = await inLane('bulk', async () => {
      await settled();
      return gate.run(() => Promise.resolve(currentLane()));
    });
    expect(seen).to.equal('bulk');
    expect(currentLane()).to.equal('counter');
  });
});
