import { isRealDate } from '../../kernel/clock.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import type { LintRule } from './rule.ts';

/** The validity is made of dates that exist, runs forward, and follows the entry's rule. */
export const validity: LintRule = {
  name: 'validity',
  citation: 'C-2.1 有效期限, R-10',
  check({ submission, entry }) {
    const { validFrom, validTo } = submission;
    const faults: PointedFault[] = [];
    for (const [pointer, date] of Object.entries({ '/validFrom': validFrom, '/validTo': validTo })) {
      if (date !== undefined && !isRealDate(date)) faults.push({ pointer, code: 'DATE_IMPOSSIBLE', detail: date });
    }
    if (faults.length > 0) return faults;
    if (validFrom && validTo && validTo < validFrom) faults.push({ pointer: '/validTo', code: 'VALIDITY_BACKWARDS' });
    const rule = entry.definition.validity.kind;
    if (rule === 'stated' && !validTo) faults.push({ pointer: '/validTo', code: 'VALIDITY_REQUIRED' });
    if (rule === 'permanent' && validTo) faults.push({ pointer: '/validTo', code: 'VALIDITY_NOT_ALLOWED' });
    return faults;
  },
};
