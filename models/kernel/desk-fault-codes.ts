/** The faults of commitments and inspections. */
import { type FaultWords, words } from './fault-words.ts';

export const DESK_FAULTS = {
  NOT_BY_COMMITMENT: words(
    'conflict',
    '该证照不是以告知承诺方式办理',
    'This licence was not applied for by notification and commitment',
  ),
  PROMISE_ARRIVED: words(
    'conflict',
    '该承诺材料已补交，不得改动',
    'This promised material has arrived and cannot be changed',
  ),
  DUE_IN_PAST: words('invalid', '期限早于今天', 'The due date lies in the past'),
} satisfies Record<string, FaultWords>;
