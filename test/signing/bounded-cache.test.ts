import { expect } from 'chai';
import { BoundedCache } from '../../signing/bounded-cache.ts';

describe('a bounded cache', () => {
  it('computes once, forgets what was used longest ago, and keeps false', () => {
    const cache = new BoundedCache<boolean>(2);
    const computed: string[] = [];
    const ask = (key: string) =>
      cache.get(key, () => {
        computed.push(key);
        return false;
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(ask(key)).to.equal(false);
    expect(computed).to.deep.equal(['a', 'b', 'c', 'b']);
  });

  it('remembers nothing of a computation that threw', () => {
    const cache = new BoundedCache<number>(2);
    expect(() => cache.get('a', () => expect.fail('first'))).to.throw('first');
    expect(cache.get('a', () => 7)).to.equal(7);
  });
});
