import { expect } from 'chai';
import { numberFormat } from '../../../../models/licence/lint/number-format.ts';
import { lint, withFields } from './context.ts';

describe('lint: the licence number has its form', () => {
  it('passes a number of the form, and none at all', () => {
    expect(lint(numberFormat)).to.deep.equal([]);
    expect(lint(numberFormat, withFields({ licenceNumber: '' }))).to.deep.equal([]);
  });

  for (const number of ['施字第202600001号', '施字第2026000001号a', '施字第２０２６０００００１号']) {
    it(`refuses ${number}`, () => {
      expect(lint(numberFormat, withFields({ licenceNumber: number }))).to.deep.equal([
        '/fields/licenceNumber FIELD_PATTERN',
      ]);
    });
  }
});
