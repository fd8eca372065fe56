import type { LintRule } from './rule.ts';

/** Nothing is issued under an entry that is retired or not yet in force. */
export const entryInForce: LintRule = {
  name: 'entry-in-force',
  citation: 'M-9, R-11',
  check({ entry, today }) {
    const pointer = '/catalogueCode';
    if (entry.state === 'retired' || (entry.inForceTo && today > entry.inForceTo))
      return [{ pointer, code: 'CATALOGUE_RETIRED' }];
    return today < entry.inForceFrom ? [{ pointer, code: 'CATALOGUE_NOT_IN_FORCE', detail: entry.inForceFrom }] : [];
  },
};
