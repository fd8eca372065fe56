import { expect } from 'chai';
import { closingTime } from '../../../../models/licence/lint/closing-time.ts';
import { commitment } from '../../../../models/licence/lint/commitment.ts';
import { plainWords } from '../../../../models/licence/lint/plain-words.ts';
import { LINT_RULES } from '../../../../models/licence/lint-licence.ts';
import { COMPANY } from '../../../world/sample-entry.ts';
import { lint } from './context.ts';

describe('lint: notification and commitment', () => {
  it('is refused only where the entry does not allow it', () => {
    expect(lint(commitment, { submission: { commitment: true } })).to.deep.equal([]);
    expect(lint(commitment, { definition: { commitment: false } })).to.deep.equal([]);
    expect(lint(commitment, { submission: { commitment: true }, definition: { commitment: false } })).to.deep.equal([
      '/commitment COMMITMENT_NOT_ALLOWED',
    ]);
  });
});

describe('lint: the closing time', () => {
  it('may lie in the past and, for clocks that differ, five minutes ahead', () => {
    for (const closedAt of ['2020-01-01T00:00:00+08:00', '2026-03-02T09:05:00+08:00']) {
      expect(lint(closingTime, { submission: { closedAt } }), closedAt).to.deep.equal([]);
    }
  });

  it('is refused beyond that', () => {
    expect(lint(closingTime, { submission: { closedAt: '2026-03-02T09:05:01+08:00' } })).to.deep.equal([
      '/closedAt CLOSED_IN_FUTURE',
    ]);
  });

  it('is refused where a clock or a table wrote one that was never set', () => {
    for (const closedAt of ['0000-01-01T00:00:00+14:00', '0001-01-01T00:00:00Z', '1949-09-30T23:59:59+08:00'])
      expect(lint(closingTime, { submission: { closedAt } }), closedAt).to.deep.equal(['/closedAt DATE_IMPOSSIBLE']);
  });
});

describe('lint: plain words', () => {
  it('refuses invisible characters in names and in the case number', () => {
    const holders = [{ name: '样例\u200b公司', type: 'legal' as const, number: COMPANY }];
    expect(lint(plainWords, { submission: { holders, caseNumber: 'AJ\u202e1' } })).to.deep.equal([
      '/caseNumber CONTROL_CHARACTER',
      '/holders/0/name CONTROL_CHARACTER',
    ]);
    expect(lint(plainWords)).to.deep.equal([]);
  });
});

describe('the lint rules', () => {
  it('have each a name of its own and cite what they enforce', () => {
    expect(new Set(LINT_RULES.map(({ name }) => name)).size).to.equal(LINT_RULES.length);
    for (const { citation, name } of LINT_RULES) expect(citation, name).to.match(/R-\d\d/);
  });

  it('all pass a submission that is right in every point', () => {
    for (const rule of LINT_RULES) expect(lint(rule), rule.name).to.deep.equal([]);
  });

  it('judge what could be read when a part is missing', () => {
    const nothing = { fields: undefined, holders: undefined } as unknown as object;
    for (const rule of LINT_RULES) expect(() => lint(rule, { submission: nothing }), rule.name).to.not.throw();
  });
});
