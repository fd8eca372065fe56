/** The faults of the law's clocks. */
import { type FaultWords, words } from './fault-words.ts';

export const CLOCK_FAULTS = {
  CLOCK_NOT_LATE: words('conflict', '该时限没有逾期，无须说明原因', 'The clock is not late; no reason is asked for'),
  LATE_REASON_GIVEN: words(
    'conflict',
    '逾期原因已经说明，不得更改',
    'The reason of lateness was given; it does not change',
  ),
  PERIOD_BACKWARDS: words('invalid', '期间止早于起', 'The period ends before it begins'),
} satisfies Record<string, FaultWords>;
