/** Every fault this house can answer with: its kind (which the server turns into a status), whether the same
 *  request may succeed later, and its sentence in Chinese and English. API documents and receipts are made from it. */

import { ANALYSIS_FAULTS } from './analysis-fault-codes.ts';
import { ARCHIVE_FAULTS } from './archive-fault-codes.ts';
import { CALENDAR_FAULTS } from './calendar-fault-codes.ts';
import { CASE_FAULTS } from './case-fault-codes.ts';
import { CLOCK_FAULTS } from './clock-fault-codes.ts';
import { DESK_FAULTS } from './desk-fault-codes.ts';
import { EXCHANGE_FAULTS } from './exchange-fault-codes.ts';
import { type FaultWords, words } from './fault-words.ts';
import { LICENCE_FAULTS } from './licence-fault-codes.ts';
import { OBJECTION_FAULTS } from './objection-fault-codes.ts';
import { PAPER_FAULTS } from './paper-fault-codes.ts';
import { SEAL_FAULTS } from './seal-fault-codes.ts';
import { SUPERVISION_FAULTS } from './supervision-fault-codes.ts';
import { WAY_FAULTS } from './way-fault-codes.ts';

export type { FaultKind } from './fault-words.ts';

export const FAULTS = {
  // The request itself
  REQUEST_MALFORMED: words('invalid', '请求内容不是有效的 JSON', 'The request is not valid JSON'),
  REQUEST_INVALID: words('invalid', '请求内容有误，见 errors', 'The request has faults; see errors'),
  REQUEST_TOO_LARGE: words('too-large', '请求内容过大', 'The request is too large'),
  MEDIA_TYPE_UNSUPPORTED: words('unsupported', '不支持的内容类型', 'The media type is not supported'),
  ROUTE_NOT_FOUND: words('not-found', '没有这个地址', 'There is no such address'),
  RATE_LIMITED: words('limited', '请求过于频繁，请稍后再试', 'Too many requests; try again later', true),
  IDEMPOTENCY_KEY_MISSING: words('invalid', '缺少 Idempotency-Key 请求头', 'The Idempotency-Key header is missing'),
  IDEMPOTENCY_KEY_REUSED: words(
    'conflict',
    '同一 Idempotency-Key 已用于不同的请求',
    'The Idempotency-Key was used for another request',
  ),
  IDEMPOTENCY_IN_PROGRESS: words(
    'conflict',
    '同一 Idempotency-Key 的请求正在处理',
    'A request with this Idempotency-Key is under way',
    true,
  ),
  // Who calls
  UNAUTHENTICATED: words('unauthenticated', '未登录或凭据无效', 'Not signed in, or the credentials are invalid'),
  TOKEN_EXPIRED: words('unauthenticated', '访问令牌已过期', 'The access token has expired'),
  LOGIN_FAILED: words('unauthenticated', '用户名或口令不正确', 'The name or the password is wrong'),
  LOGIN_LOCKED: words(
    'limited',
    '登录失败次数过多，账号暂时锁定',
    'Too many failed logins; the account is locked',
    true,
  ),
  CSRF_REJECTED: words('forbidden', '跨站请求校验未通过', 'The cross-site request check failed'),
  FORBIDDEN: words('forbidden', '没有办理此事的权限', 'You may not do this'),
  FOREIGN_ISSUER: words(
    'forbidden',
    '该目录属于其他签发单位，不得代办',
    'The catalogue entry belongs to another issuing department',
  ),
  ORGANISATION_NOT_ACTIVE: words(
    'conflict',
    '单位尚未启用（须登记负责机构和人员）',
    'The organisation is not active (a responsible body and persons must be registered)',
  ),
  // Things
  NOT_FOUND: words('not-found', '未找到', 'Not found'),
  ALREADY_EXISTS: words('conflict', '已存在', 'It exists already'),
  CATALOGUE_UNKNOWN: words('invalid', '目录不存在', 'There is no such catalogue entry'),
  CATALOGUE_RETIRED: words('invalid', '目录已停用', 'The catalogue entry is retired'),
  CATALOGUE_NOT_IN_FORCE: words('invalid', '目录尚未生效', 'The catalogue entry is not yet in force'),
  CLASSIFIED_REFUSED: words('invalid', '涉密证照不得入库', 'Classified licences are not accepted'),
  FIELD_REQUIRED: words('invalid', '必填项缺失', 'A required field is missing'),
  FIELD_UNKNOWN: words('invalid', '目录没有这个照面项', 'The catalogue entry has no such field'),
  FIELD_TOO_LONG: words('invalid', '内容超过规定长度', 'The value is longer than allowed'),
  FIELD_PATTERN: words('invalid', '内容不符合规定格式', 'The value does not have the required form'),
  FIELD_NOT_IN_CODE_LIST: words('invalid', '取值不在代码表内', 'The value is not in the code list'),
  FIELD_TYPE: words('invalid', '内容类型不正确', 'The value has the wrong type'),
  CONTROL_CHARACTER: words('invalid', '含有不可见控制字符', 'The value holds invisible control characters'),
  IMAGE_UNREADABLE: words('invalid', '图片不是有效的 PNG 或 JPEG', 'The picture is not a readable PNG or JPEG'),
  DATE_IMPOSSIBLE: words('invalid', '日期不存在', 'There is no such date'),
  VALIDITY_BACKWARDS: words('invalid', '有效期止早于起', 'The validity ends before it begins'),
  VALIDITY_REQUIRED: words('invalid', '该目录须写明有效期', 'This entry requires the validity to be stated'),
  VALIDITY_NOT_ALLOWED: words('invalid', '有效期与目录规则不符', 'The validity does not follow the entry’s rule'),
  STOCK_NOT_VALID: words(
    'invalid',
    '存量证照已过有效期，不再数字化',
    'The stock licence is past its validity; it is not digitised',
  ),
  HOLDER_REQUIRED: words('invalid', '至少需要一个持证主体', 'At least one holder is required'),
  HOLDER_NUMBER_WRONG: words('invalid', '持证主体代码校验不通过', 'The holder’s number fails its check'),
  HOLDER_TYPE_NOT_ALLOWED: words('invalid', '持证主体类型与目录不符', 'The entry does not allow this holder type'),
  CHECK_CHARACTER_WRONG: words('invalid', '校验位不正确', 'The check character is wrong'),
  LICENCE_NUMBER_DUPLICATE: words('conflict', '证照编号重复', 'The licence number is in use'),
  LICENCE_NUMBERS_EXHAUSTED: words(
    'conflict',
    '该编号规则的流水号已用完，请填写编号或更新目录',
    'The numbers of this format are used up; state a number or renew the entry',
  ),
  GLYPH_MISSING: words('invalid', '字体中没有这个字', 'No font has a glyph for a character'),
  TEXT_OVERFLOW: words('invalid', '内容超出照面位置', 'The text does not fit its place on the face'),
  COMMITMENT_NOT_ALLOWED: words(
    'invalid',
    '该目录不适用告知承诺',
    'This entry cannot be issued by notification and commitment',
  ),
  CLOSED_IN_FUTURE: words('invalid', '办结时间晚于当前时间', 'The closing time lies in the future'),
  FACE_INVALID: words('invalid', '照面描述有误', 'The face description is faulty'),
  // Acts
  NOT_REVIEWED: words('conflict', '未经审核不得签章', 'Nothing is sealed that was not reviewed'),
  REVIEW_SELF: words('conflict', '不得审核本人提交的证照', 'Nobody reviews what they submitted themselves'),
  RULE_SIGNATURE_WRONG: words('conflict', '自动审核规则的签名不成立', 'The signature of the review rule does not hold'),
  STATE_CONFLICT: words('conflict', '当前状态不允许此操作', 'The present state does not allow this act'),
  FACE_DATA_CHANGED: words(
    'conflict',
    '该项已随照面签章，不得修改；内容变更须另发新证',
    'This stands on the sealed face and cannot be changed; a new licence must be issued',
  ),
  ...SEAL_FAULTS,
  // Files
  FILE_REQUIRED: words('invalid', '没有收到文件：请求体为空', 'No file came: the body is empty'),
  FILE_NOT_WHAT_IT_SAYS: words('invalid', '文件不是所称的格式', 'The file is not what it says it is'),
  FILE_REFUSED: words('invalid', '已签章文件验证不通过', 'The sealed file does not verify'),
  FILE_MISMATCH: words('invalid', '文件与所报数据不一致', 'The file does not agree with the data'),
  FILE_MISSING: words('not-found', '没有这个文件', 'There is no such file'),
  BLOB_CORRUPT: words('internal', '存储的文件已损坏', 'A stored file is damaged'),
  // Sharing
  USE_UNKNOWN: words('not-found', '用证码无效', 'The use code is not valid'),
  USE_EXPIRED: words('forbidden', '用证码已过期', 'The use code has expired'),
  MATTER_UNKNOWN: words('invalid', '事项不存在', 'There is no such matter'),
  MATTER_FOREIGN: words('forbidden', '该事项不属于本单位', 'The matter is not one of this body’s'),
  ...ARCHIVE_FAULTS,
  ...ANALYSIS_FAULTS,
  ...CALENDAR_FAULTS,
  ...LICENCE_FAULTS,
  ...DESK_FAULTS,
  ...CASE_FAULTS,
  ...CLOCK_FAULTS,
  ...WAY_FAULTS,
  ...OBJECTION_FAULTS,
  ...SUPERVISION_FAULTS,
  ...PAPER_FAULTS,
  ...EXCHANGE_FAULTS,
  // The house
  VERIFIER_BUSY: words(
    'unavailable',
    '验证繁忙，请稍后再试',
    'Too many files are being verified; try again later',
    true,
  ),
  AUDIT_UNAVAILABLE: words('unavailable', '访问日志不可写，拒绝答复', 'The access log cannot be written', true),
  SETTINGS_INVALID: words('invalid', '配置有误', 'The settings are faulty'),
  PORT_TAKEN: words('unavailable', '端口不可用', 'The port cannot be had'),
  QUEUE_UNAVAILABLE: words('unavailable', '任务队列暂不可用', 'The queue cannot be reached'),
  DATABASE_FAILED: words('unavailable', '数据库未能完成操作', 'The database could not do what it was asked'),
  DATABASE_NOT_DURABLE: words('unavailable', '数据库未按持久化要求配置', 'The database is not set to be durable'),
  SHUTTING_DOWN: words('unavailable', '服务正在停止', 'The service is shutting down', true),
  INTERNAL: words('internal', '内部错误', 'Internal error', true),
} as const satisfies Record<string, FaultWords>;

export type FaultCode = keyof typeof FAULTS;
