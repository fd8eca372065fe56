import type { LintRule } from './rule.ts';

const CLOCK_SKEW_MS = 5 * 60_000;

/** A case cannot have been closed in the future. */
export const closingTime: LintRule = {
  name: 'closing-time',
  citation: 'M-11, R-32',
  check({ submission, now }) {
    if (!submission.closedAt || new Date(submission.closedAt).getTime() <= now.getTime() + CLOCK_SKEW_MS) return [];
    return [{ pointer: '/closedAt', code: 'CLOSED_IN_FUTURE' }];
  },
};
