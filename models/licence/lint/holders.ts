import { holderNumberHolds } from '../../holder/check-number.ts';
import { defaultNumberType } from '../../holder/find-or-add-holder.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import type { LintRule } from './rule.ts';

/** Holders are of the type the entry is for, and their numbers pass their own check (GB 32100, GB 11643). */
export const holders: LintRule = {
  name: 'holders',
  citation: 'GB 32100-2015, GB 11643, R-21',
  check({ submission, entry }) {
    const faults: PointedFault[] = [];
    const seen = new Set<string>();
    for (const [index, holder] of (submission.holders ?? []).entries()) {
      const { holderType } = entry.definition;
      const pointer = `/holders/${index}`;
      if (holderType !== 'both' && holderType !== holder.type) {
        faults.push({ pointer: `${pointer}/type`, code: 'HOLDER_TYPE_NOT_ALLOWED', detail: holderType });
      }
      if (!holderNumberHolds(holder.numberType ?? defaultNumberType(holder.type), holder.number)) {
        faults.push({ pointer: `${pointer}/number`, code: 'HOLDER_NUMBER_WRONG' });
      }
      const number = holder.number.trim().toUpperCase();
      if (seen.has(number)) faults.push({ pointer: `${pointer}/number`, code: 'ALREADY_EXISTS' });
      seen.add(number);
    }
    return faults;
  },
};
