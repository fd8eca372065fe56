import type { LintRule } from './rule.ts';

/** Notification-and-commitment only where the entry allows it. */
export const commitment: LintRule = {
  name: 'commitment',
  citation: 'K-10, R-26',
  check({ submission, entry }) {
    if (!submission.commitment || entry.definition.commitment) return [];
    return [{ pointer: '/commitment', code: 'COMMITMENT_NOT_ALLOWED' }];
  },
};
