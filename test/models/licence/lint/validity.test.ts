import { expect } from 'chai';
import { validity } from '../../../../models/licence/lint/validity.ts';
import { lint } from './context.ts';

const faults = (validFrom: string | undefined, validTo: string | undefined, kind: 'permanent' | 'stated' = 'stated') =>
  lint(validity, {
    submission: { ...(validFrom ? { validFrom } : {}), ...(validTo ? { validTo } : {}) },
    definition: { validity: { kind } },
  });

describe('lint: the validity', () => {
  it('passes one that runs forward, of a single day too', () => {
    expect(faults('2026-03-02', '2031-03-01')).to.deep.equal([]);
    expect(faults('2026-03-02', '2026-03-02')).to.deep.equal([]);
  });

  it('refuses one that ends before it begins', () => {
    expect(faults('2026-03-02', '2026-03-01')).to.deep.equal(['/validTo VALIDITY_BACKWARDS']);
  });

  it('refuses dates that never were, both at once', () => {
    expect(faults('2026-02-29', '长期')).to.deep.equal(['/validFrom DATE_IMPOSSIBLE', '/validTo DATE_IMPOSSIBLE']);
  });

  it('must be stated where the entry says so, and must not end where it is permanent', () => {
    expect(faults(undefined, undefined)).to.deep.equal(['/validTo VALIDITY_REQUIRED']);
    expect(faults('2026-03-02', '2031-03-01', 'permanent')).to.deep.equal(['/validTo VALIDITY_NOT_ALLOWED']);
    expect(faults(undefined, undefined, 'permanent')).to.deep.equal([]);
  });
});
