import { expect } from 'chai';
import fc from 'fast-check';
import {
  checkInspectionPolicy,
  type InspectionPolicy,
  isInspectedIn,
  nextOpening,
} from '../../../models/inspection/policy.ts';

const policy = (changes: Partial<InspectionPolicy> = {}): InspectionPolicy => ({
  ...{ everyYears: 1, opens: '06-01', closes: '09-30', onMissed: 'suspend', legalBasis: '年检办法', ...changes },
});

describe('the policy of an inspection', () => {
  it('has days that every year has, in their order', () => {
    const faults = (changes: object) =>
      checkInspectionPolicy(policy(changes)).map(({ pointer, code }) => `${pointer} ${code}`);
    expect(faults({})).to.deep.equal([]);
    expect(faults({ opens: '02-29' })).to.deep.equal(['/inspection/opens DATE_IMPOSSIBLE']);
    expect(faults({ opens: '04-31', closes: '13-01' })).to.have.members([
      '/inspection/opens DATE_IMPOSSIBLE',
      '/inspection/closes DATE_IMPOSSIBLE',
    ]);
    expect(faults({ opens: '10-01' })).to.deep.equal(['/inspection/closes VALIDITY_BACKWARDS']);
    expect(checkInspectionPolicy(undefined)).to.deep.equal([]);
  });

  it('opens its next window this year until the window has closed', () => {
    expect(nextOpening(policy(), '2026-03-02')).to.equal('2026-06-01');
    expect(nextOpening(policy(), '2026-09-30')).to.equal('2026-06-01');
    expect(nextOpening(policy(), '2026-10-01')).to.equal('2027-06-01');
  });

  it('takes a licence first when it was issued before the opening, and later by its months', () => {
    const years = (issuedOn: string, changes: Partial<InspectionPolicy> = {}) =>
      [2026, 2027, 2028, 2029, 2030].filter((year) => isInspectedIn(policy(changes), issuedOn, year));
    expect(years('2026-05-31')).to.deep.equal([2026, 2027, 2028, 2029, 2030]);
    expect(years('2026-06-01')).to.deep.equal([2027, 2028, 2029, 2030]);
    expect(years('2026-05-31', { everyYears: 2 })).to.deep.equal([2026, 2028, 2030]);
    expect(years('2026-01-31', { firstAfterMonths: 13 })).to.deep.equal([2027, 2028, 2029, 2030]);
    expect(years('2026-06-01', { firstAfterMonths: 12, everyYears: 3 })).to.deep.equal([2027, 2030]);
  });

  it('takes each licence exactly once in any so many years on end, and never before its issue', () => {
    const days = fc.date({ min: new Date('2010-01-01'), max: new Date('2029-12-31'), noInvalidDate: true });
    const property = fc.property(
      days.map((day) => day.toISOString().slice(0, 10)),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 40 }),
      (issuedOn, everyYears, firstAfterMonths) => {
        const given = policy({ everyYears, firstAfterMonths });
        const years = Array.from({ length: 40 }, (_, nth) => 2008 + nth);
        const taken = years.filter((year) => isInspectedIn(given, issuedOn, year));
        expect(taken.every((year) => `${year}-06-01` > issuedOn)).to.equal(true);
        for (const [nth, year] of taken.entries())
          if (nth > 0) expect(year - (taken[nth - 1] ?? 0)).to.equal(everyYears);
        expect(taken.length).to.be.greaterThan(0);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
