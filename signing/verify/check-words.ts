/** Checks in the words of their closed codes, whose sentences stand in one table.
 *  Both the OFD and the PDF verifier, and whoever adds status or dispute above, speak only through it. */
import { type Sentence, WORDS } from './code-sentences.ts';
import type { Check, CheckName, Outcome } from './report.ts';

/** What a passed check says, one sentence a name. */
const PASSED: Readonly<Record<CheckName, Sentence>> = {
  structure: { zh: '文件结构完整、规范', en: 'The structure of the file is sound' },
  digest: { zh: '摘要与内容一致', en: 'The digests agree with the content' },
  signature: { zh: '签名值正确', en: 'The signature value is right' },
  seal: { zh: '电子印章有效且与签章人一致', en: 'The seal is genuine and belongs to the signer' },
  certificate: { zh: '签名证书在签署时有效、用途相符', en: 'The certificate was valid at signing and fits its use' },
  trust: { zh: '证书链通向受信任的根', en: 'The certificates lead to a trusted root' },
  time: { zh: '签署时间合理', en: 'The time of signing is plausible' },
  revocation: { zh: '证书在签署前未被吊销', en: 'No certificate was revoked before signing' },
  coverage: { zh: '签名覆盖全部内容', en: 'The signatures cover the whole content' },
  status: { zh: '证照状态有效', en: 'The licence is in force' },
  dispute: { zh: '证照无异议', en: 'The licence is not in dispute' },
};

/** A closed code of a check that did not simply pass. */
export type CheckCode = keyof typeof WORDS;

/** All codes, for documentation and schemas. */
export const CHECK_CODES = Object.freeze(Object.keys(WORDS)) as readonly CheckCode[];

/** All names, in the order in which people read them. */
export const CHECK_NAMES = Object.freeze(Object.keys(PASSED)) as readonly CheckName[];

/** The Chinese and the English sentence of a code. */
export function sentenceOf(code: CheckCode): { readonly zh: string; readonly en: string } {
  return WORDS[code];
}

/** A check that passed; `where` names the file, signature or revision. */
export function passed(name: CheckName, where?: string): Check {
  return { name, outcome: 'passed', ...(where === undefined ? {} : { where }), ...PASSED[name] };
}

/** A check that did not simply pass, with the sentences of its code. */
export function check(name: CheckName, outcome: Exclude<Outcome, 'passed'>, code: CheckCode, where?: string): Check {
  return { name, outcome, code, ...(where === undefined ? {} : { where }), ...WORDS[code] };
}
