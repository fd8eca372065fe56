/** The faults of closed cases. */
import { type FaultWords, words } from './fault-words.ts';

export const CASE_FAULTS = {
  BATCH_NOT_SMALLER: words('conflict', '批量条数只能改小', 'The size of a batch is only made smaller'),
  CASE_HAS_LICENCE: words(
    'conflict',
    '该办件已有证照推送，办结通知不得撤回',
    'A licence of the case has arrived; its closing notice is not taken back',
  ),
  CASE_NOT_A_BATCH: words(
    'conflict',
    '该办件编号已按其他办结方式登记，不是批量',
    'A case of this number was closed in another way; it is no batch',
  ),
  CASE_OVERDUE: words(
    'conflict',
    '该办件已逾期，办结通知只能由主管部门撤回',
    'The case is overdue; only the bureau takes its closing notice back',
  ),
} satisfies Record<string, FaultWords>;
