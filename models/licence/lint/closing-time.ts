import { judgeClosingTime } from '../../kernel/closing-time.ts';
import type { LintRule } from './rule.ts';

/** A case cannot have been closed in the future, nor in a time without dates. */
export const closingTime: LintRule = {
  name: 'closing-time',
  citation: 'M-11, R-32',
  check({ submission, now }) {
    const code = submission.closedAt ? judgeClosingTime(submission.closedAt, now) : undefined;
    return code ? [{ pointer: '/closedAt', code }] : [];
  },
};
