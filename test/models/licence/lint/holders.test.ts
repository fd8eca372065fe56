import { expect } from 'chai';
import { holders } from '../../../../models/licence/lint/holders.ts';
import type { Submission } from '../../../../models/licence/submission.ts';
import { CITIZEN, COMPANY } from '../../../world/sample-entry.ts';
import { lint } from './context.ts';

const company = { name: '样例建设有限公司', type: 'legal', number: COMPANY } as const;
const citizen = { name: '张三', type: 'natural', number: CITIZEN } as const;
const faults = (given: Submission['holders'], holderType: 'legal' | 'natural' | 'both' = 'both') =>
  lint(holders, { submission: { holders: given }, definition: { holderType } });

describe('lint: the holders', () => {
  it('pass with right numbers, a person and a company side by side', () => {
    expect(faults([company, citizen])).to.deep.equal([]);
  });

  it('are of the type the entry is for', () => {
    expect(faults([citizen], 'legal')).to.deep.equal(['/holders/0/type HOLDER_TYPE_NOT_ALLOWED']);
    expect(faults([citizen, company], 'natural')).to.deep.equal(['/holders/1/type HOLDER_TYPE_NOT_ALLOWED']);
  });

  it('have numbers whose check holds: 18 digits of a company, a citizen’s with x', () => {
    const wrong = (number: string) => number.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
    expect(faults([{ ...company, number: wrong(COMPANY) }])).to.deep.equal(['/holders/0/number HOLDER_NUMBER_WRONG']);
    expect(faults([{ ...citizen, number: wrong(CITIZEN) }])).to.deep.equal(['/holders/0/number HOLDER_NUMBER_WRONG']);
    expect(faults([{ ...citizen, number: '11010519491231002x' }])).to.deep.equal([]);
  });

  it('may have another kind of number, of plain letters and digits', () => {
    expect(faults([{ ...citizen, number: 'E12345678', numberType: '414' }])).to.deep.equal([]);
    for (const number of ['abc', 'E1234 5678', 'E1234\u202e5678']) {
      expect(faults([{ ...citizen, number, numberType: '414' }])).to.deep.equal([
        '/holders/0/number HOLDER_NUMBER_WRONG',
      ]);
    }
  });

  it('stand there once each, in whatever case', () => {
    expect(faults([company, { ...company, number: ` ${COMPANY} ` }])).to.deep.equal([
      '/holders/1/number ALREADY_EXISTS',
    ]);
  });
});
