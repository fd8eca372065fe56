/** The faults of objections (异议). */
import { type FaultWords, words } from './fault-words.ts';

export const OBJECTION_FAULTS = {
  OBJECTION_OPEN: words(
    'conflict',
    '对该证照的同类异议尚未办结',
    'An objection of this kind against the licence is still open',
  ),
  FORMER_UNKNOWN: words(
    'invalid',
    '所承接的原异议不存在、尚未办结或不是本人对该证照提出',
    'The former objection does not exist, is open, or is not your own against this licence',
  ),
  LATE_REASON_REQUIRED: words('invalid', '逾期答复须说明原因', 'A late answer states why it is late'),
  SELF_ANSWER: words('forbidden', '不得答复本人提出的异议', 'Nobody answers an objection of their own'),
  HANDLER_UNKNOWN: words(
    'invalid',
    '承办人不是本单位在用的签发经办或审核人员',
    'The handler is not an active clerk or reviewer of the department',
  ),
  EVIDENCE_REFUSED: words(
    'invalid',
    '证据材料须为完整的 PDF、OFD、PNG 或 JPEG 文件（按内容判断）',
    'Evidence is a whole PDF, OFD, PNG or JPEG file, judged by its content',
  ),
  EVIDENCE_FULL: words('conflict', '证据材料已达件数上限', 'No more evidence files are taken'),
  CORRECTION_UNKNOWN: words(
    'invalid',
    '该证照没有在异议成立之后作出的这一变更',
    'The licence has no such change made after the objection was upheld',
  ),
} satisfies Record<string, FaultWords>;
