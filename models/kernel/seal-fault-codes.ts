/** The faults of seals, keys and certificates: applying for them, keeping them, sealing with them. */
import { type FaultWords, words } from './fault-words.ts';

export const SEAL_FAULTS = {
  SEAL_MOVE_REFUSED: words('conflict', '印章当前状态不允许此操作', 'The seal’s present state does not allow this act'),
  SEAL_SELF_APPROVAL: words(
    'conflict',
    '不得批准本人申请的印章',
    'Nobody approves a seal that they applied for themselves',
  ),
  SEAL_REFUSED: words('invalid', '电子印章验证不通过', 'The seal does not verify'),
  SEAL_KEY_UNKNOWN: words(
    'invalid',
    '没有这把密钥，或它不是该单位的签名密钥',
    'There is no such key, or it is not a signing key of this body',
  ),
  SEAL_FROZEN: words('conflict', '电子印章已冻结', 'The seal is frozen'),
  SEAL_EXPIRED: words('conflict', '电子印章不在有效期内', 'The seal is outside its validity'),
  SEAL_GENERATION: words(
    'conflict',
    '这一版本的电子印章只能由印章服务加盖',
    'A seal of this generation can only be pressed by a seal service',
  ),
  SEAL_SERVICE_MISSING: words('unavailable', '未接通印章服务', 'The seal service is not connected', true),
  SEAL_MAKER_UNFIT: words('invalid', '该证书不能用作制章人证书', 'The certificate is not that of a seal maker'),
  REPOSITORY_KEY_MISSING: words(
    'unavailable',
    '证照库自身的SM2签名密钥尚未导入',
    'The repository has no SM2 key of its own yet; import one',
  ),
  CHAIN_INCOMPLETE: words(
    'unavailable',
    '证书链未通向根证书，请将根证书放入信任目录',
    'A chain of certificates does not reach its root; put the root into the folder of trusted certificates',
  ),
  KEY_FILE_REFUSED: words('invalid', '密钥文件无法打开或不适用', 'The key file cannot be opened or does not fit'),
  KEY_LIMIT_REACHED: words(
    'conflict',
    '密钥已达使用次数或期限，或已停用',
    'The key has reached its limit of uses or of time, or is disabled',
  ),
  KEY_PASSPHRASE_WRONG: words(
    'unavailable',
    '私钥打不开：设置的密钥口令不是加密时所用的口令',
    'A private key does not open: the passphrase set is not the one it is encrypted under',
  ),
  CERTIFICATE_REVOKED: words(
    'conflict',
    '签名证书或其上级证书已吊销，不得签章',
    'The signer’s certificate, or one above it, is revoked; nothing is sealed with it',
  ),
  CERTIFICATE_EXPIRED: words(
    'conflict',
    '签名证书不在有效期内，不得签章',
    'The signer’s certificate is outside its validity; nothing is sealed with it',
  ),
  KEY_NOT_HERE: words('conflict', '密钥在签名服务中，本机没有', 'The key lies at the signing service, not here'),
  KEY_SERVICE_REFUSED: words('conflict', '签名服务拒绝了请求', 'The signing service refused'),
  KEY_SERVICE_UNAVAILABLE: words('unavailable', '签名服务暂不可用', 'The signing service is not available', true),
  SEALING_FAILED: words(
    'conflict',
    '签章未完成：密钥、印章或服务的答复不合要求',
    'Sealing failed: a key, a seal or a service’s answer does not fit',
  ),
  SEAL_MISSING: words('conflict', '没有可用的电子印章', 'There is no seal that can be used'),
  DEVELOPMENT_ONLY: words(
    'conflict',
    '内置制章仅供开发和演示，生产环境不得使用',
    'The built-in seal maker serves development only',
  ),
  SEAL_NOT_ALLOWED: words('forbidden', '无权使用该电子印章', 'You may not use this seal'),
  DELEGATION_NOT_ALLOWED: words(
    'conflict',
    '目录未授权代为签章',
    'The entry does not allow sealing on the issuer’s behalf',
  ),
} as const satisfies Record<string, FaultWords>;
