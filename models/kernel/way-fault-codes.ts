/** The faults of the ways in: reviews by two, the seal holder's act, links to the fill page, drafts. */
import { type FaultWords, words } from './fault-words.ts';

export const WAY_FAULTS = {
  REVIEW_TWICE: words('conflict', '两名审核人不得为同一人', 'The two reviewers are two persons'),
  SEAL_ACT_REQUIRED: words(
    'forbidden',
    '该类证照须由用章管理人员本人登录，核对内容后签章',
    'Licences of this type are sealed by a person who keeps the seal, signed in, upon contents they have seen',
  ),
  CONTENT_NOT_CONFIRMED: words(
    'conflict',
    '确认的内容不是将要签章的内容，请重新核对',
    'What was confirmed is not what would be sealed; look at it again',
  ),
  FILL_LINK_UNKNOWN: words('not-found', '填报链接无效', 'The link to the fill page is not valid'),
  FILL_LINK_EXPIRED: words('conflict', '填报链接已过期', 'The link to the fill page has expired'),
  FILL_LINK_USED: words('conflict', '填报链接已使用', 'The link to the fill page was used'),
  RETURN_HOST_UNKNOWN: words(
    'invalid',
    '返回地址的主机未登记',
    'The host of the return address is not registered for this system',
  ),
  DRAFTS_FULL: words('conflict', '草稿过多，请先提交或丢弃', 'There are too many drafts; submit or discard some'),
} satisfies Record<string, FaultWords>;
