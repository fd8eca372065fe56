import type { PointedFault } from '../../kernel/fault.ts';
import { findControlCharacters } from '../../kernel/plain-text.ts';
import type { LintRule } from './rule.ts';

/** Names of holders and the case number hold no invisible characters; the fields have a rule of their own. */
export const plainWords: LintRule = {
  name: 'plain-words',
  citation: 'C-2.1, R-20',
  check({ submission }): readonly PointedFault[] {
    const { holders = [], caseNumber } = submission;
    return [
      ...findControlCharacters(caseNumber, '/caseNumber'),
      ...holders.flatMap(({ name }, index) => findControlCharacters(name, `/holders/${index}/name`)),
    ];
  },
};
