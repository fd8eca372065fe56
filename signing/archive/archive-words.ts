/** What the check of an archive volume says: closed codes with their sentences, in the shape of the file verifier's checks. */
import type { Sentence } from '../verify/code-sentences.ts';
import type { Outcome } from '../verify/report.ts';

export const ARCHIVE_WORDS = {
  CONTAINER_REFUSED: { zh: '归档包无法安全打开', en: 'The volume cannot be opened safely' },
  ROOT_WRONG: { zh: '归档包应只有一个根文件夹', en: 'A volume has one root folder and nothing beside it' },
  MANIFEST_MISSING: { zh: '没有清单', en: 'There is no manifest' },
  MANIFEST_MALFORMED: { zh: '清单格式不规范', en: 'The manifest is not in its form' },
  FILE_MISSING: { zh: '清单所列文件缺失', en: 'A file that the manifest names is missing' },
  FILE_EXTRA: { zh: '有清单未列的文件', en: 'A file that the manifest does not name' },
  FILE_CHANGED: { zh: '文件与清单的摘要或大小不符', en: 'A file differs from its digest or size in the manifest' },
  SIGNATURE_MISSING: { zh: '清单没有签名', en: 'The manifest is not signed' },
  SIGNATURE_MALFORMED: { zh: '清单的签名无法解析', en: 'The signature of the manifest cannot be read' },
  ORIGINAL_INVALID: { zh: '原件或副本验证不通过', en: 'A sealed file does not verify' },
  OFD_A_BROKEN: { zh: '存档副本不符合OFD-A规则', en: 'An archive copy breaks a rule of OFD-A' },
  XML_MALFORMED: { zh: 'XML文件不规范', en: 'An XML part is malformed' },
  METADATA_MISMATCH: { zh: '元数据与归档内容不一致', en: 'The metadata contradict what is archived' },
} as const satisfies Readonly<Record<string, Sentence>>;

export type ArchiveCode = keyof typeof ARCHIVE_WORDS;

const PASSED = {
  container: { zh: '归档包完整、可安全打开', en: 'The volume is whole and opens safely' },
  manifest: { zh: '文件与清单逐一相符，不多不少', en: 'All files agree with the manifest, none missing, none extra' },
  originals: { zh: '所附签章文件均验证通过', en: 'Every sealed file verifies' },
  'archive-copies': { zh: '存档副本均符合OFD-A规则', en: 'Every archive copy keeps the rules of OFD-A' },
  metadata: { zh: '元数据完整且与内容一致', en: 'The metadata are whole and agree with the content' },
} as const satisfies Readonly<Record<string, Sentence>>;

export type ArchiveCheckName = keyof typeof PASSED | 'signature';

/** One finding; those of the manifest's signature carry the names and codes of the file verifier. */
export interface ArchiveCheck {
  readonly name: string;
  readonly outcome: Outcome;
  readonly code?: string;
  /** Path below the root. */
  readonly where?: string;
  /** The rule that was broken, or the codes of the verifier beneath. */
  readonly detail?: string;
  readonly zh: string;
  readonly en: string;
}

export function archivePassed(name: keyof typeof PASSED): ArchiveCheck {
  return { name, outcome: 'passed', ...PASSED[name] };
}

export function archiveCheck(
  name: ArchiveCheckName,
  code: ArchiveCode,
  { where, detail }: Pick<ArchiveCheck, 'where' | 'detail'> = {},
): ArchiveCheck {
  const place = { ...(where === undefined ? {} : { where }), ...(detail === undefined ? {} : { detail }) };
  return { name, outcome: 'failed', code, ...place, ...ARCHIVE_WORDS[code] };
}
