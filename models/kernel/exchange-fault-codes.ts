/** The faults of exchange: front-end machines’ rows, the provincial library, registries, time-stamp authorities. */
import { type FaultWords, words } from './fault-words.ts';

export const EXCHANGE_FAULTS = {
  ROW_OPERATION_UNKNOWN: words('invalid', '未知的操作类型', 'The operation of the row is not known'),
  ROW_PAYLOAD_BROKEN: words('invalid', '行数据无法读取', 'The row cannot be read'),
  TEXT_ENCODING_WRONG: words('invalid', '文字不是有效的 UTF-8 编码', 'The text is not valid UTF-8'),
  FRONT_END_ALTERED: words(
    'unavailable',
    '前置机的表已被更改，缺少约定的表或列',
    'The tables of the front-end machine were altered: a table or column of the contract is missing',
    true,
  ),
  ROW_OUT_OF_ORDER: words('conflict', '修订号早于已处理的修订', 'The revision is older than one already applied'),
  FRONT_END_REFUSED: words(
    'invalid',
    '前置机地址不可用：SQLite 文件须在运维人员指定的文件夹内，并已建好交换表',
    'The address is not allowed: a SQLite file must lie in the operator’s folder and hold the exchange tables',
  ),
  FILES_WITHOUT_LICENCE: words(
    'conflict',
    '文件没有等到对应的证照行，或证照行不接收此文件',
    'No licence row came for this file, or its row does not take it',
  ),
  PROVINCE_REFUSED: words('conflict', '省库拒收', 'The provincial library refused it'),
  PROVINCE_UNAVAILABLE: words('unavailable', '省库暂不可用', 'The provincial library is not available', true),
  IMPORT_NEEDS_PICTURES: words(
    'invalid',
    '该目录须上传图片，不能按表导入，请逐件提交',
    'The entry asks for pictures, which a sheet cannot hold; submit its licences singly',
  ),
  BATCH_DECLARED_LATE: words(
    'conflict',
    '批量办件须在办结当日或之前申报；请按线下方式导入',
    'A batch is declared on the day it is closed at the latest; import it as offline',
  ),
  BATCH_TOO_SMALL: words(
    'conflict',
    '行数不足批量规模，请按线下方式导入',
    'Too few rows for a batch; import it as offline',
  ),
  SCAN_UNKNOWN: words(
    'invalid',
    '文件名不是本批任何证照的编号',
    'The file name is the number of no licence of this import',
  ),
  FEED_CURSOR_LOST: words(
    'conflict',
    '游标无效或其后的变更已不再保留，请重新全量比对后用 after=latest 取新游标',
    'The cursor is none, or what follows it is no longer kept: compare everything anew and begin with after=latest',
  ),
  WEBHOOK_URL_REFUSED: words(
    'invalid',
    '接收地址不可用：须为 https，不含用户名和口令，且不指向内网',
    'The address is not allowed: https, without a user name or password, and not inside the own network',
  ),
  WEBHOOK_SECRET_MISSING: words(
    'conflict',
    '该订阅用 SM2 签名，没有共享密钥',
    'This subscription is signed with SM2 and has no shared secret',
  ),
  DELIVERY_GONE: words(
    'conflict',
    '该变更已不再保留，无法重新投递',
    'The change is no longer kept and cannot be sent again',
  ),
  REGISTRY_MISMATCH: words(
    'conflict',
    '持证主体信息与人口或法人基础库不一致，不得签发',
    'The holder differs from the population or legal-person registry; nothing is issued',
  ),
  REGISTRY_UNKNOWN: words(
    'conflict',
    '人口或法人基础库中没有该持证主体代码',
    'The population or legal-person registry holds nobody of this number',
  ),
  REGISTRY_UNAVAILABLE: words(
    'unavailable',
    '人口或法人基础库暂不可用，未比对不得签发，请稍后再试',
    'The population or legal-person registry does not answer; nothing is issued without it',
    true,
  ),
  TIME_STAMP_UNAVAILABLE: words('unavailable', '时间戳服务暂不可用', 'The time-stamp authority is not available', true),
  TIME_STAMP_REFUSED: words(
    'conflict',
    '时间戳服务拒绝了请求，或答复不成立',
    'The time-stamp authority refused, or its answer does not hold',
  ),
} as const satisfies Record<string, FaultWords>;
