/** What a lint rule is given and what it is: one file a rule, each citing what it enforces. */

import type { FontBook } from '../../../signing/index.ts';
import type { CatalogueColumns } from '../../catalogue/rows.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import type { Submission } from '../submission.ts';

export interface LintContext {
  /** Properties that could not be read are absent; their faults are already known. */
  readonly submission: Partial<Submission>;
  readonly entry: CatalogueColumns;
  /** YYYY-MM-DD in Asia/Shanghai. */
  readonly today: string;
  readonly now: Date;
  readonly fonts: FontBook;
  readonly sampleMark: boolean;
  readonly issuerName: string;
}

export interface LintRule {
  readonly name: string;
  /** The standard, law or requirement behind it. */
  readonly citation: string;
  check(context: LintContext): readonly PointedFault[];
}
