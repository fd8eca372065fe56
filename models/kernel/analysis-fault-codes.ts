/** The faults of bulk analysis. */
import { type FaultWords, words } from './fault-words.ts';

export const ANALYSIS_FAULTS = {
  ANALYSIS_CERTIFICATE: words(
    'invalid',
    '接收证书不可用（须为本单位在有效期内、可用于加密的 SM2 证书）',
    'The recipient’s certificate cannot be used (an SM2 certificate of the body, valid now, for encryption)',
  ),
  ANALYSIS_PERIOD: words(
    'invalid',
    '使用期限有误（止早于起、已经过去或超过一百八十天）',
    'The period is wrong (it ends before it begins, is over, or is longer than 180 days)',
  ),
  ANALYSIS_PERSONAL: words(
    'invalid',
    '申请持证主体信息或表单中的个人信息须注明处理方式并单独说明理由；不提供个人信息的，不得列入此项',
    'Data of holders and fields that name persons need a way of treatment and a reason of their own; where none are shown they cannot be asked for',
  ),
  ANALYSIS_OWN: words(
    'conflict',
    '不得批准本人提交的数据分析申请',
    'Nobody decides an application that they filed themselves',
  ),
  GRANT_WIDER: words('invalid', '授权范围超出申请', 'The grant goes beyond the application'),
  ANALYSIS_NOT_YET: words('conflict', '使用期限尚未开始', 'The period has not begun'),
  ANALYSIS_EXPIRED: words('forbidden', '交付文件已过期', 'The delivery has expired'),
  ANALYSIS_SPENT: words('forbidden', '下载次数已用完', 'The downloads are used up'),
  ANALYSIS_TOO_MANY_ROWS: words(
    'conflict',
    '符合条件的证照多于授权的条数，未交付任何数据',
    'More licences than were granted fit; nothing was delivered',
  ),
} satisfies Record<string, FaultWords>;
