import { expect } from 'chai';
import { inLanes } from '../../../models/kernel/in-lanes.ts';

describe('work in lanes', () => {
  it('never has more under way than there are lanes, and gives the results in the order of the items', async () => {
    let underWay = 0;
    let most = 0;
    const results = await inLanes([5, 1, 4, 2, 3], 2, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      underWay -= 1;
      return item * 10;
    });
    expect(results).to.deep.equal([50, 10, 40, 20, 30]);
    expect(most).to.equal(2);
  });

  it('takes no further item after a failure, and fails when those under way have ended', async () => {
    const ended: number[] = [];
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const work = inLanes([1, 2, 3], 2, async (item) => {
      if (item === 1) await slow;
      if (item === 2) throw new Error('two');
      ended.push(item);
    });
    let settled = false;
    const failure = work
      .catch((error: Error) => error.message)
      .finally(() => {
        settled = true;
      });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(settled).to.equal(false);
    finish();
    expect(await failure).to.equal('two');
    expect(ended).to.deep.equal([1]);
  });
});
