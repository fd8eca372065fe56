import { expect } from 'chai';
import { boundPattern, followsPattern } from '../../../models/catalogue/bound-pattern.ts';

describe('a pattern that a department gives', () => {
  it('is taken when its worst case is small', () => {
    const plain: readonly (readonly [string, number])[] = [
      ['^419901\\d{12}$', 120],
      ['^样（\\d{4}）样例市不动产权第\\d{7}号$', 120],
      ['^[甲乙]测资字4199\\d{4}$', 120],
      ['^[^<>]*$', 2000],
      ['^\\d+(\\.\\d+)?$', 40],
      ['有|无', 10],
      ['^(?:一|二|三){1,3}$', 10],
      ['^[\\]()|]+$', 100],
      ['^\\p{Script=Han}{2,20}$', 100],
    ];
    for (const [pattern, longest] of plain) expect(boundPattern(pattern, longest), pattern).to.be.instanceOf(RegExp);
  });

  it('is refused when it could take very long, or looks around or back', () => {
    const evil = ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(\\d*)*$', '(x+x+)+y', `^${'a?'.repeat(30)}${'a'.repeat(30)}$`];
    const other = [
      'a*a*a*b',
      '^(a)\\1$',
      '^(?=a)a',
      '^(?<!a)a',
      '^(?<n>a)\\k<n>$',
      '^((a{0,1000}){0,1000}){0,1000}$',
      '(',
    ];
    for (const pattern of [...evil, ...other]) expect(boundPattern(pattern, 2000), pattern).to.equal(undefined);
  });

  it('is matched only within its length, so that the worst value stops nobody', () => {
    expect(followsPattern('^[ab]+$', 'abab', 4)).to.equal(true);
    expect(followsPattern('^[ab]+$', 'ababa', 4)).to.equal(false);
    const started = process.cpuUsage();
    expect(followsPattern('^(a+)+$', `${'a'.repeat(60)}!`, 2000)).to.equal(false);
    // The dearest that is taken: about a million ways, none of which leads to the end.
    expect(followsPattern('^a*a*$', `${'a'.repeat(989)}!`, 990)).to.equal(false);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000, 'milliseconds').to.be.below(100);
  });
});
