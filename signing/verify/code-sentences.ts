/** The closed codes of verification checks, each with its Chinese and English sentence, in one table. */

export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** What went wrong, was odd, or could not be judged. */
export const WORDS = {
  // structure
  UNKNOWN_FORMAT: { zh: '既不是OFD也不是PDF文件', en: 'The file is neither OFD nor PDF' },
  UNREADABLE: { zh: '文件无法解析', en: 'The file cannot be parsed' },
  TOO_LARGE: { zh: '文件超出可检查的规模', en: 'The file is larger than may be examined' },
  UNSIGNED: { zh: '文件没有签名', en: 'The file carries no signature' },
  ENTRY_DUPLICATE: { zh: '文件包内有重名条目', en: 'The package holds two entries of one name' },
  ENTRY_HIDDEN: { zh: '文件包内有隐藏的条目或字节', en: 'The package hides entries or bytes' },
  ENTRY_NAME_UNSAFE: { zh: '文件包内条目名称不安全', en: 'The package holds an entry with an unsafe name' },
  CONTAINER_INCONSISTENT: {
    zh: '文件包的目录与内容不一致',
    en: 'The directory of the package contradicts its content',
  },
  CONTAINER_CHANGED: { zh: '文件包的封装字节被改动', en: 'The bytes of the container were changed after sealing' },
  XML_MALFORMED: { zh: 'XML描述文件不规范', en: 'An XML part is malformed' },
  LOCATION_MISSING: { zh: '引用的文件不存在', en: 'A location names a file that is not there' },
  LOCATION_CASE: { zh: '引用路径仅大小写不同', en: 'A path differs from its file in case only' },
  DATA_DESCRIPTOR: { zh: '文件包使用了数据描述符', en: 'The package uses data descriptors' },
  TYPE_MISSING: { zh: '签名类型缺省，按电子印章处理', en: 'The type of the signature is missing; taken as a seal' },
  SIGNATURE_LIST_WRONG: {
    zh: '签名列表与签名文件不一致',
    en: 'The list of signatures does not agree with the signatures',
  },
  SIGNATURE_MALFORMED: { zh: '签名数据结构不规范', en: 'The signature structure is malformed' },
  BER_SHELL: { zh: '签名外层为BER编码', en: 'The outer shell of the signature is BER, not DER' },
  UNUSED_BITS: { zh: '位串的未用位数写错', en: 'A bit string states wrong unused bits' },
  BARE_SIGNATURE: {
    zh: '签名值没有GB/T 35275封装，证书由验证者提供',
    en: 'The signature value stands without GB/T 35275 around it; the verifier brought the certificate',
  },
  RAW_SIGNATURE: { zh: '签名值为裸r‖s形式', en: 'The signature value is raw r‖s, not DER' },
  TEXT_TIME: { zh: '签署时间为文本形式', en: 'The time of signing is written as text' },
  XREF_WRONG: { zh: '交叉引用表自相矛盾', en: 'The cross-references contradict themselves' },
  PADDING_WRONG: { zh: '签名占位的填充不是零', en: 'The room left by a signature is not filled with zeros' },
  VALIDATION_DATA_MALFORMED: {
    zh: '文件内附的证书或吊销列表不规范',
    en: 'A certificate or revocation list kept in the file is malformed',
  },
  // digest, signature
  DIGEST_MISMATCH: { zh: '内容与签名时的摘要不符，已被改动', en: 'The content differs from what was signed' },
  DIGEST_WEAK: { zh: '摘要算法过弱', en: 'The digest algorithm is too weak' },
  ALGORITHM_UNSUPPORTED: { zh: '不支持的算法', en: 'The algorithm is not supported' },
  REFERENCED_FILE_MISSING: { zh: '被签名的文件缺失', en: 'A signed file is missing' },
  SIGNATURE_INVALID: { zh: '签名值错误', en: 'The signature value is wrong' },
  SIGNER_NOT_BOUND: {
    zh: '签名未绑定签名证书',
    en: 'The signature does not bind the certificate of its signer',
  },
  // seal
  SEAL_MALFORMED: { zh: '电子印章结构不规范', en: 'The seal is malformed' },
  SEAL_SIGNATURE_INVALID: { zh: '制章人签名错误', en: 'The signature of the seal maker is wrong' },
  SEAL_MISMATCH: { zh: '印章文件与签章内的印章不同', en: 'The seal file differs from the seal inside the signature' },
  SEAL_SIGNER_UNLISTED: {
    zh: '签章人证书不在印章的证书列表中',
    en: 'The seal does not list the certificate of the signer',
  },
  SEAL_OUTSIDE_VALIDITY: { zh: '签署时印章不在有效期内', en: 'The seal was not valid at the time of signing' },
  SEAL_MAKER_UNFIT: { zh: '制章人证书不符合要求', en: 'The certificate of the seal maker is unfit' },
  SEAL_MAKER_NOT_ACCEPTED: {
    zh: '制章人不在认可的制章人名单中',
    en: 'The maker of the seal is not on the list of accepted makers',
  },
  NO_SEAL: { zh: '该签名不带电子印章', en: 'This signature carries no seal' },
  // certificate, trust, revocation
  CERTIFICATE_MALFORMED: { zh: '证书结构不规范', en: 'A certificate is malformed' },
  CERTIFICATE_MISSING: { zh: '缺少签名证书', en: 'The certificate of the signer is missing' },
  CERTIFICATE_OUTSIDE_VALIDITY: {
    zh: '签署时证书不在有效期内',
    en: 'A certificate was not valid at the time of signing',
  },
  CERTIFICATE_USAGE: { zh: '证书用途不允许签名', en: 'The certificate may not be used for this' },
  KEY_TOO_SHORT: { zh: '证书密钥长度不足', en: 'The key of a certificate is too short' },
  CERTIFICATE_CHAIN_BROKEN: { zh: '证书链不成立', en: 'The chain of certificates does not hold' },
  TRUST_NOT_GIVEN: { zh: '未提供信任根，不判断信任', en: 'No trust anchors were given; trust is not judged' },
  UNTRUSTED: { zh: '证书链未通向受信任的根', en: 'The certificates do not lead to a trusted root' },
  REVOKED: { zh: '证书在签署前已被吊销', en: 'A certificate was revoked before signing' },
  REVOCATION_UNKNOWN: { zh: '没有可用的吊销信息，不判断', en: 'There is no revocation data to judge by' },
  CRL_STALE: { zh: '吊销列表已过期', en: 'The revocation list is out of date' },
  CRL_INVALID: { zh: '吊销列表无效', en: 'A revocation list is not valid' },
  // time
  TIME_IN_FUTURE: { zh: '签署时间晚于当前时间', en: 'The time of signing lies in the future' },
  TIME_MISSING: { zh: '没有签署时间', en: 'The time of signing is missing' },
  TIME_NOT_TRUSTED: {
    zh: '签署时间由签名人自述，无可信时间戳',
    en: 'The time is the claim of the signer; no trusted time-stamp',
  },
  TIMESTAMP_MISSING: {
    zh: '规则要求时间戳，签名没有可信时间戳',
    en: 'The rules demand a trusted time-stamp; there is none',
  },
  TIMESTAMP_INVALID: { zh: '时间戳无效', en: 'The time-stamp is not valid' },
  // what rules demand beyond the file itself
  SEAL_MAKERS_NOT_GIVEN: {
    zh: '未提供认可的制章人名单，无法核对制章人',
    en: 'No list of accepted seal makers was given to hold the maker of the seal against',
  },
  ALGORITHM_MISSING: {
    zh: '规则要求同时有RSA和SM2两种签名',
    en: 'The rules demand both an RSA and an SM2 signature',
  },
  // coverage
  UNCOVERED: { zh: '有内容未被签名覆盖', en: 'Some content is not covered by any signature' },
  SIGNATURE_UNCOVERED: {
    zh: '后加的签名未覆盖在先的签名',
    en: 'The last signature does not cover the signatures before it',
  },
  SIGNATURE_STRIPPED: {
    zh: '文件声明的签名缺失',
    en: 'A signature that the signed content announces is missing',
  },
  ROOT_UNCOVERED: {
    zh: 'OFD.xml未被签名，但其指向的文档均已签名',
    en: 'OFD.xml is unsigned, but every document it names is signed',
  },
  CHANGED_AFTER_SIGNING: { zh: '签名之后又有改动', en: 'The file was changed after it was signed' },
  BYTE_RANGE_WRONG: { zh: '签名的字节范围不合规', en: 'The byte range of a signature is not in order' },
  SIGNATURES_OVERLAP: { zh: '两个签名占用同一范围', en: 'Two signatures claim the same range' },
  TRAILING_BYTES: { zh: '签名之后有多余的字节', en: 'Bytes follow the last revision' },
  PAGE_CHANGED: {
    zh: '签名之后页面内容、页面树或资源被改动',
    en: 'Page content, the page tree or resources were changed after signing',
  },
  OBJECT_REPLACED: {
    zh: '签名之后已签名的对象被替换或删除',
    en: 'A signed object was replaced or freed after signing',
  },
  HIDDEN_OBJECTS: {
    zh: '签名之后启用了事先隐藏的对象',
    en: 'Objects that had been hidden were brought into use after signing',
  },
  CATALOGUE_CHANGED: {
    zh: '签名之后文档目录（名称、脚本、图层、附件等）被改动',
    en: 'The catalogue (names, scripts, layers, attachments …) was changed after signing',
  },
  FORM_CHANGED: { zh: '签名之后表单被改动', en: 'The form was changed after signing' },
  SIGNED_FIELD_CHANGED: {
    zh: '已签名的签名域或其外观被改动',
    en: 'A signature field or its appearance was changed after it was signed',
  },
  CHANGE_NOT_PERMITTED: {
    zh: '签名之后的改动超出认证签名允许的范围，或无人签名',
    en: 'A change after signing goes beyond what the certification permits, or nobody signed it',
  },
  FORM_FILLED: { zh: '签名之后填写了表单', en: 'Form fields were filled in after signing' },
  ANNOTATED: { zh: '签名之后添加了批注', en: 'Annotations were made after signing' },
  APPEARANCE_CHANGED: {
    zh: '签名之后在页面上加盖了可见的签章，页面外观已改变',
    en: 'A visible signature was placed on a page after signing: what the page shows has changed',
  },
  VALIDATION_DATA_UNSIGNED: {
    zh: '签名之后附加的验证数据没有时间戳保护，不构成长期签名',
    en: 'Validation data was added without a time-stamp over it: this is no long-term signature',
  },
  SIGNED_ADDITION: { zh: '签名之后追加了另行签名的内容', en: 'Later additions are signed by a later signature' },
  // for the floors above
  STATUS_NOT_ASKED: { zh: '未查询证照状态', en: 'The status of the licence was not asked' },
  STATUS_UNKNOWN: { zh: '证照库中没有此证照', en: 'The repository does not know this licence' },
  STATUS_NOT_IN_FORCE: { zh: '证照不在有效状态', en: 'The licence is not in force' },
  STATUS_OLD_VERSION: { zh: '证照已有新的版本', en: 'The licence has a newer version' },
  DISPUTED: { zh: '证照存在未办结的异议', en: 'The licence is in dispute' },
  DISPUTE_NOT_ASKED: { zh: '未查询异议情况', en: 'Disputes were not asked for' },
} as const satisfies Readonly<Record<string, Sentence>>;
