/** Judge a submission by every rule and name all faults at once, or give a token that lets exactly these contents be
 *  sealed once. */

import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { closingTime } from './lint/closing-time.ts';
import { commitment } from './lint/commitment.ts';
import { entryInForce } from './lint/entry-in-force.ts';
import { faceFits } from './lint/face-fits.ts';
import { fieldsFollowSchema } from './lint/fields-follow-schema.ts';
import { holders } from './lint/holders.ts';
import { notClassified } from './lint/not-classified.ts';
import { numberFormat } from './lint/number-format.ts';
import { plainWords } from './lint/plain-words.ts';
import type { LintRule } from './lint/rule.ts';
import { validity } from './lint/validity.ts';
import type { Submission } from './submission.ts';

export const LINT_RULES: readonly LintRule[] = [
  entryInForce,
  notClassified,
  fieldsFollowSchema,
  numberFormat,
  validity,
  holders,
  plainWords,
  commitment,
  closingTime,
  faceFits,
];

/** Proof that contents were linted. Sealing takes nothing else and takes it once. */
export class LintToken {
  readonly contentDigest: string;
  #used = false;

  constructor(contentDigest: string) {
    this.contentDigest = contentDigest;
  }

  /** Throws when the token was used before, or was given for other contents. */
  consume(contentDigest: string): void {
    if (this.#used || contentDigest !== this.contentDigest) throw new Fault('NOT_REVIEWED');
    this.#used = true;
  }
}

/** The rules as they stand now for one entry: what is judged by them costs no further question to the store. */
export async function openLint(
  house: House,
  entry: CatalogueColumns,
): Promise<(submission: Partial<Submission>) => readonly PointedFault[]> {
  const issuer = await house.db.rows.organisations.findByPk(entry.issuingBody);
  const now = house.clock();
  const common = {
    entry,
    now,
    today: toShanghaiDate(now),
    fonts: house.fonts,
    sampleMark: house.mode === 'demo',
    issuerName: issuer?.name ?? '',
  };
  return (submission) => LINT_RULES.flatMap((rule) => rule.check({ ...common, submission }));
}

export async function lintSubmission(
  house: House,
  entry: CatalogueColumns,
  submission: Partial<Submission>,
): Promise<readonly PointedFault[]> {
  return (await openLint(house, entry))(submission);
}
