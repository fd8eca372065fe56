import { expect } from 'chai';
import fc from 'fast-check';
import { type Unfinished, unfinishedSchema } from '../../../models/draft/index.ts';
import { toSubmission, toValues } from '../../../server/pages/fill-values.ts';

const words = fc.stringMatching(/^[一-龥a-z0-9 .:+-]{1,12}$/);
const some = (keys: readonly string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, words])), { requiredKeys: [] }).filter(isFilled);
const isFilled = (value: object) => Object.keys(value).length > 0;
const holder = fc.record(
  { name: words, type: words, number: words, numberType: words },
  { requiredKeys: ['name', 'type', 'number'] },
);
const stock = fc.record({ issuedOn: words, paperNumber: words }, { requiredKeys: ['issuedOn'] });
const submission = fc.record(
  {
    holders: fc.array(holder, { minLength: 1, maxLength: 12 }),
    fields: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,9}$/), words, { maxKeys: 5 }),
    ...{ validFrom: words, validTo: words, closedAt: words, caseNumber: words, commitment: fc.constant(true), stock },
    succeeds: some(['identifier', 'act', 'legalBasis', 'reason']),
  },
  { requiredKeys: ['holders', 'fields'] },
);

describe('what stands in a form', () => {
  it('is the submission it was filled in from, with everything a draft can hold', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(submission, (given) => {
        for (const key of Object.keys(given)) seen.add(key);
        const filled = given as Unfinished;
        expect(toSubmission(toValues(filled))).to.deep.equal(filled);
      }),
      { numRuns: 300 },
    );
    expect([...seen]).to.have.members(Object.keys(unfinishedSchema.shape));
  });
});
