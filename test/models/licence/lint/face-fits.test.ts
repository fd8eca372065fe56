import { expect } from 'chai';
import { faceFits } from '../../../../models/licence/lint/face-fits.ts';
import { COMPANY, ENTRY } from '../../../world/sample-entry.ts';
import { lint, withFields } from './context.ts';

describe('lint: the face holds it', () => {
  it('passes what fits', () => expect(lint(faceFits)).to.deep.equal([]));

  it('names the field with a character that no font has', () => {
    expect(lint(faceFits, withFields({ projectName: '样例\u{1f600}' }))).to.deep.equal([
      '/fields/projectName GLYPH_MISSING',
    ]);
  });

  it('names the holder whose name no font can write', () => {
    const holders = [{ name: '\u{1f600}公司', type: 'legal' as const, number: COMPANY }];
    expect(lint(faceFits, { submission: { holders } })).to.deep.equal(['/holders/0/name GLYPH_MISSING']);
  });

  it('names the fields of a text that is too long for its place', () => {
    const long = lint(faceFits, withFields({ projectName: '长'.repeat(600) }));
    expect(long).to.include('/fields/projectName TEXT_OVERFLOW');
  });

  it('judges the words of a code, not the code', () => {
    const fields = ENTRY.fields.map((field) =>
      field.key === 'kind' ? { ...field, codes: [{ code: 'fj', name: '\u{1f600}' }] } : field,
    );
    expect(lint(faceFits, { ...withFields({ kind: 'fj' }), definition: { fields } })).to.deep.equal([
      '/fields/kind GLYPH_MISSING',
    ]);
  });
});
