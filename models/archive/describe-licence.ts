/** A licence as the metadata of its archive package tell it (GB/T 36903 in words): what it is, who holds it, how it was
 *  reviewed, what has changed. An issuer's archive has the holder's whole number, as the original beside it has; a
 *  consumer's has it masked, as whatever it was shown. */
import { node, type XmlNode } from '../../signing/index.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import type { LicenceHolder } from '../licence/find-holders.ts';
import type { ChangeColumns, LicenceColumns, ReviewColumns } from '../licence/rows.ts';
import { LICENCE_STATUSES, statusOn } from '../licence/states.ts';

export interface DescribedLicence {
  readonly licence: LicenceColumns;
  readonly entry: CatalogueColumns | undefined;
  readonly issuerName: string;
  readonly holders: readonly LicenceHolder[];
}

const OPEN_ENDED = '长期';
const SOURCES: Readonly<Record<LicenceColumns['source'], string>> = {
  form: '窗口填报',
  sheet: '批量导入',
  'front-end': '前置机',
  api: '接口',
  province: '省级回传',
};

/** @param today YYYY-MM-DD, for the status */
export function describeLicence({ licence, entry, issuerName }: DescribedLicence, today: string): XmlNode {
  const status = statusOn(licence, today) ?? 'voided';
  return node('证照', [
    node('证照名称', entry?.name),
    node('证照类型代码', licence.catalogueCode),
    node('目录版本', licence.catalogueVersion),
    node('证照编号', licence.licenceNumber),
    node('证照标识', licence.identifier),
    node('颁发机构', issuerName),
    node('颁发机构代码', licence.issuingBody),
    node('颁发日期', licence.issuedOn),
    node('有效期起始', licence.validFrom),
    node('有效期截止', licence.validTo ?? OPEN_ENDED),
    node('业务状态', LICENCE_STATUSES[status].zh),
  ]);
}

/** What only the issuer's archive holds. */
export function describeFields({ licence, entry }: DescribedLicence): readonly XmlNode[] {
  const names = new Map(entry?.definition.fields.map(({ key, name }) => [key, name]));
  const fields = Object.entries(licence.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    node('办件号', licence.caseNumber),
    node('数据来源', SOURCES[licence.source]),
    node('告知承诺', licence.commitment),
    node(
      '照面数据',
      fields.map(([key, value]) => node('数据项', value, { 代码: key, 名称: names.get(key) ?? key })),
    ),
  ];
}

export function describeHolders(house: House, holders: readonly LicenceHolder[], whole: boolean): XmlNode {
  return node(
    '持证主体清单',
    holders.map((holder) => {
      const number = revealHolderNumber(house, holder);
      return node('持证主体', [
        node('名称', holder.nameOnFace),
        node('类型', holder.type === 'natural' ? '自然人' : '法人或其他组织'),
        node('号码类型', holder.numberType),
        node('号码', whole || holder.type !== 'natural' ? number : maskNumber(number)),
      ]);
    }),
  );
}

const REVIEWERS = { person: '人工', rule: '规则', system: '系统' } as const;
const DECISIONS = { approved: '通过', returned: '退回', withdrawn: '撤回' } as const;

export function describeRecords(reviews: readonly ReviewColumns[], changes: readonly ChangeColumns[]): XmlNode[] {
  return [
    node(
      '审核记录',
      reviews.map((review) =>
        node('审核', [
          node('方式', REVIEWERS[review.reviewerType]),
          node('审核者', review.reviewerId),
          node('结论', DECISIONS[review.decision]),
          node('理由', review.reason),
          node('内容摘要', review.contentDigest),
          node('时间', review.createdAt.toISOString()),
        ]),
      ),
    ),
    node(
      '变更记录',
      changes.map((change) =>
        node('变更', [
          node('序号', change.sequence),
          node('动作', change.act),
          node('原状态', change.fromStatus),
          node('新状态', change.toStatus),
          node('依据', change.legalBasis),
          node('理由', change.reason),
          node('生效时间', change.effectiveAt.toISOString()),
        ]),
      ),
    ),
  ];
}
