import { expect } from 'chai';
import { cutText, isWellFormed } from '../../../models/kernel/well-formed.ts';

describe('text of whole characters', () => {
  it('is found at any depth, in keys too', () => {
    expect(isWellFormed({ a: ['𠮷', 1, null, { b: true }], c: undefined })).to.equal(true);
    for (const half of ['\ud842', '\udfb7', 'a\udfb7\ud842'])
      for (const value of [half, [half], { a: [{ b: half }] }, { [half]: 1 }])
        expect(isWellFormed(value), JSON.stringify(value)).to.equal(false);
  });

  it('is not looked for deeper than anybody means', () => {
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
    expect(isWellFormed(nested(32))).to.equal(true);
    expect(isWellFormed(nested(100_000))).to.equal(false);
  });

  it('is cut between characters', () => {
    expect(cutText('ab𠮷', 4)).to.equal('ab𠮷');
    expect(cutText('ab𠮷c', 4)).to.equal('ab𠮷');
    expect(cutText('ab𠮷', 3)).to.equal('ab');
    expect(cutText('𠮷', 1)).to.equal('');
    expect(cutText('ab', 5)).to.equal('ab');
  });
});
