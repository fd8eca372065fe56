/** What lies beside the data: for machines the manifest, for people a page. Both name the recipient, the purpose and the end. */
import { findNewestEntries } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { toShanghaiTime } from '../kernel/clock.ts';
import { columnsOf, MARK_HEADING } from './compose-lines.ts';
import type { AnalysisColumns } from './rows.ts';
import type { AnalysisTerms } from './terms.ts';

export async function describeDelivery(
  house: House,
  row: AnalysisColumns,
  terms: AnalysisTerms,
  digests: readonly string[],
): Promise<{ readonly manifest: object; readonly readme: string }> {
  const recipient = await house.db.rows.organisations.findByPk(row.organisationCode);
  const entries = await findNewestEntries(
    house,
    terms.types.map(({ catalogueCode }) => catalogueCode),
  );
  const files = terms.types.map((type, index) => {
    const entry = entries.find(({ code }) => code === type.catalogueCode);
    return {
      name: `${type.catalogueCode}.csv`,
      catalogueCode: type.catalogueCode,
      catalogueName: entry?.name ?? '',
      columns: [...columnsOf(type, entry?.definition.fields ?? []), { key: 'mark', heading: MARK_HEADING }],
      rows: row.rowCounts[index] ?? 0,
      sm3: digests[index] ?? '',
    };
  });
  const facts = {
    number: row.number,
    recipient: { code: row.organisationCode, name: recipient?.name ?? '' },
    responsible: row.application.responsible,
    purpose: row.application.purpose,
    legalBasis: row.application.legalBasis,
    personal: terms.personal,
    filter: terms.filter,
    moment: row.moment?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
  return { manifest: { ...facts, files }, readme: describe(row, recipient?.name ?? '', files) };
}

function describe(
  row: AnalysisColumns,
  recipient: string,
  files: readonly { readonly name: string; readonly catalogueName: string; readonly rows: number }[],
): string {
  const { purpose, legalBasis, responsible } = row.application;
  const lines = [
    `电子证照数据分析交付 ${row.number}`,
    `仅供 ${recipient}（${row.organisationCode}）用于：${purpose}`,
    `依据：${legalBasis}`,
    `责任人：${responsible.name}（${responsible.duty}）`,
    `数据时点：${row.moment ? toShanghaiTime(row.moment) : ''}（北京时间）`,
    `使用期限至：${row.expiresAt ? toShanghaiTime(row.expiresAt) : ''}（北京时间），到期须删除`,
    '不得转交他人。每行均带水印，可据以追查来源。',
    ...files.map(({ name, catalogueName, rows }) => `${name}  ${catalogueName}  ${rows} 行`),
  ];
  return `\ufeff${lines.join('\r\n')}\r\n`;
}
