/** Where the case behind a finding is read, of the kinds whose cases have an address that body and bureau may read both; of the others the
 *  finding tells it. */

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

const CASE_LINKS: Readonly<Partial<Record<FindingKind, CaseLink>>> = {
  'case-late': { before: 'deadlines/', of: 'subjectId' },
  'objection-late': OBJECTION,
  'correction-late': OBJECTION,
  'catalogue-outdated': { before: 'catalogue/', of: 'subjectId' },
  'commitment-late': { before: 'licences/', of: 'subjectId', after: '/commitment' },
  'paper-asked': { before: '', of: 'subjectId' },
};

export function linkOf(finding: Pick<FindingColumns, 'id' | 'kind' | 'subject' | 'subjectId'>): string {
  const link = CASE_LINKS[finding.kind];
  if (!link) return `/api/v1/supervision/findings/${finding.id}`;
  return `/api/v1/${link.before}${finding[link.of]}${link.after ?? ''}`;
}

/** The same of a row of `supervision_findings`, as SQL. */
export function linkSql(dialect: 'sqlite' | 'mysql'): string {
  const cases = Object.entries(CASE_LINKS).map(([kind, { before, of, after = '' }]) => {
    const column = of === 'subject' ? 'subject' : 'subject_id';
    return `WHEN '${kind}' THEN ${join(dialect, `'/api/v1/${before}'`, column, `'${after}'`)}`;
  });
  return `CASE kind ${cases.join(' ')} ELSE ${join(dialect, "'/api/v1/supervision/findings/'", 'id')} END`;
}
