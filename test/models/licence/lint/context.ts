/** What a lint rule is given: the sample entry and a submission that is right in every point, but for what a test changes. */
import type { CatalogueDefinition } from '../../../../models/catalogue/definition.ts';
import type { CatalogueColumns } from '../../../../models/catalogue/rows.ts';
import { toShanghaiDate } from '../../../../models/kernel/clock.ts';
import type { LintContext, LintRule } from '../../../../models/licence/lint/rule.ts';
import type { Submission } from '../../../../models/licence/submission.ts';
import { openFontBook } from '../../../../signing/index.ts';
import { ENTRY, SUBMISSION } from '../../../world/sample-entry.ts';

interface Changes {
  readonly submission?: Partial<Submission>;
  readonly definition?: Partial<CatalogueDefinition>;
  readonly entry?: Partial<CatalogueColumns>;
  readonly now?: string;
}

const fonts = openFontBook('assets/fonts');

export function lintContext({
  submission,
  definition,
  entry,
  now = '2026-03-02T01:00:00Z',
}: Changes = {}): LintContext {
  const at = new Date(now);
  return {
    submission: { ...SUBMISSION, holders: [...SUBMISSION.holders], ...submission },
    entry: {
      id: 'e',
      code: ENTRY.code,
      version: 1,
      name: ENTRY.name,
      issuingBody: ENTRY.issuingBody,
      definition: { ...ENTRY, ...definition },
      baseImages: {},
      state: 'in-force',
      inForceFrom: ENTRY.inForceFrom,
      inForceTo: null,
      createdAt: at,
      createdBy: 'clerk',
      ...entry,
    },
    today: toShanghaiDate(at),
    now: at,
    fonts,
    sampleMark: true,
    issuerName: '样例市城乡建设局',
  };
}

/** `/fields/address FIELD_PATTERN`, in order. */
export function lint(rule: LintRule, changes: Changes = {}): string[] {
  return rule.check(lintContext(changes)).map(({ pointer, code }) => `${pointer} ${code}`);
}

export const withFields = (fields: Readonly<Record<string, string>>): { submission: Partial<Submission> } => ({
  submission: { fields: { ...SUBMISSION.fields, ...fields } },
});
