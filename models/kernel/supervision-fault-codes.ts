/** The faults of supervision (监督). */
import { type FaultWords, words } from './fault-words.ts';

export const SUPERVISION_FAULTS = {
  FINDING_UNKNOWN: words(
    'invalid',
    '该问题不存在、不属于该单位或已经消除',
    'There is no such finding of this body, or it has ended',
  ),
  FINDING_UNDER_ORDER: words('conflict', '该问题已列入另一份整改通知', 'The finding is under another order already'),
  PERSON_UNKNOWN: words('invalid', '该人员不是该单位登记的责任人员', 'The person is none of those the body has named'),
  PERSONS_REQUIRED: words('invalid', '须写明责任人员', 'The order names the persons responsible'),
  ORDER_MOVE_ILLEGAL: words(
    'conflict',
    '该整改通知当前阶段不能办理此事项',
    'The order is not at the stage for this act',
  ),
  ORDER_NOT_LATE: words('conflict', '整改期限未到，不得通报', 'The limit of the order has not passed'),
  ORDER_RETURNS_FULL: words('conflict', '退回次数已达上限', 'The order has been returned as often as may be'),
} satisfies Record<string, FaultWords>;
