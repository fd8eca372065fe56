/** Where the case behind a finding is read, of the kinds whose cases have an address of their own; of the others the finding tells it. */

import type { FindingKind } from './finding-words.ts';
import type { FindingColumns } from './rows.ts';
import { join } from './sql-words.ts';

interface CaseLink {
  readonly before: string;
  /** By which it is called there. */
  readonly of: 'subject' | 'subjectId';
  readonly after?: string;
}

const OBJECTION: CaseLink = { before: 'objections/', of: 'subject' };
/** Called `licence:<id>` or `catalogue:<code>`. */
const AT_PROVINCE: CaseLink = { before: '', of: 'subjectId' };
const PROVINCIAL = { 'licence:': 'licences/', 'catalogue:': 'catalogue/' } as const;

const CASE_LINKS: Readonly<Partial<Record<FindingKind, CaseLink>>> = {
  'case-late': { before: 'deadlines/', of: 'subjectId' },
  'objection-late': OBJECTION,
  'correction-late': OBJECTION,
  'catalogue-outdated': { before: 'catalogue/', of: 'subjectId' },
  'province-held': AT_PROVINCE,
  'province-refused': AT_PROVINCE,
  'commitment-late': { before: 'licences/', of: 'subjectId', after: '/commitment' },
  'paper-asked': { before: '', of: 'subjectId' },
};

export function linkOf(finding: Pick<FindingColumns, 'id' | 'kind' | 'subject' | 'subjectId'>): string {
  const link = CASE_LINKS[finding.kind];
  if (!link) return `/api/v1/supervision/findings/${finding.id}`;
  let named = finding[link.of];
  if (link === AT_PROVINCE)
    for (const [prefix, address] of Object.entries(PROVINCIAL)) named = named.replace(prefix, address);
  return `/api/v1/${link.before}${named}${link.after ?? ''}`;
}

/** The same of a row of `supervision_findings`, as SQL. */
export function linkSql(dialect: 'sqlite' | 'mysql'): string {
  const cases = Object.entries(CASE_LINKS).map(([kind, link]) => {
    const { before, of, after = '' } = link;
    let column = of === 'subject' ? 'subject' : 'subject_id';
    if (link === AT_PROVINCE)
      for (const [prefix, address] of Object.entries(PROVINCIAL))
        column = `REPLACE(${column}, '${prefix}', '${address}')`;
    return `WHEN '${kind}' THEN ${join(dialect, `'/api/v1/${before}'`, column, `'${after}'`)}`;
  });
  return `CASE kind ${cases.join(' ')} ELSE ${join(dialect, "'/api/v1/supervision/findings/'", 'id')} END`;
}
