/** The faults of archiving. */
import { type FaultWords, words } from './fault-words.ts';

export const ARCHIVE_FAULTS = {
  PERIOD_BACKWARDS: words('invalid', '起止日期颠倒', 'The period ends before it begins'),
} satisfies Record<string, FaultWords>;
