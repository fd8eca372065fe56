import type { LintRule } from './rule.ts';

/** Only non-classified licences are accepted; a mark of secrecy in a field counts as well as the flag. */
export const notClassified: LintRule = {
  name: 'not-classified',
  citation: 'M-1, R-13',
  check({ submission, entry }) {
    if (submission.classified || entry.definition.classified)
      return [{ pointer: '/classified', code: 'CLASSIFIED_REFUSED' }];
    return Object.entries(submission.fields ?? {})
      .filter(([, value]) => SECRECY_MARK.test(value))
      .map(([key]) => ({ pointer: `/fields/${key}`, code: 'CLASSIFIED_REFUSED' as const }));
  },
};

/** GB/T 9704 §7.2: the mark stands alone or before a star and a term. */
const SECRECY_MARK = /^\s*(绝密|机密|秘密)\s*(★.*)?$/u;
