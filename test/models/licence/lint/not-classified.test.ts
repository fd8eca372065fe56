import { expect } from 'chai';
import { notClassified } from '../../../../models/licence/lint/not-classified.ts';
import { lint, withFields } from './context.ts';

describe('lint: nothing classified', () => {
  it('passes a licence without a mark, and words that only speak of secrets', () => {
    expect(lint(notClassified)).to.deep.equal([]);
    expect(lint(notClassified, withFields({ projectName: '秘密花园一期', address: '机密路1号★' }))).to.deep.equal([]);
  });

  it('refuses a licence or an entry that says it is classified', () => {
    expect(lint(notClassified, { submission: { classified: true } })).to.deep.equal(['/classified CLASSIFIED_REFUSED']);
    expect(lint(notClassified, { definition: { classified: true } })).to.deep.equal(['/classified CLASSIFIED_REFUSED']);
  });

  for (const mark of ['秘密', ' 机密 ', '绝密★启用前', '机密★1年']) {
    it(`refuses a field that holds the mark ${mark}`, () => {
      expect(lint(notClassified, withFields({ address: mark }))).to.deep.equal(['/fields/address CLASSIFIED_REFUSED']);
    });
  }
});
