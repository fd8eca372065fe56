/** Accept, authorise and lint one submission (信息提交); what passes waits for review. One of `submitLicences`. */
import { requireRole } from '../account/require-role.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { isDuplicate, type Tx } from '../store/with-transaction.ts';
import { judgeSubmissions, type SubmissionSource } from './judge-submissions.ts';
import type { LicenceColumns } from './rows.ts';
import { storeSubmissions } from './store-submissions.ts';
import type { Submission } from './submission.ts';
import { duplicateNumber, type Submitted, submitLicences } from './submit-licences.ts';

export type { SubmissionSource } from './judge-submissions.ts';
export { duplicateNumber, type Submitted } from './submit-licences.ts';

/** Throws every fault at once (`REQUEST_INVALID` with pointers), `FOREIGN_ISSUER`, `ORGANISATION_NOT_ACTIVE`,
 *  `LICENCE_NUMBER_DUPLICATE`. Nothing is stored unless all is well. */
export async function submitLicence(
  house: House,
  caller: Caller,
  body: unknown,
  from: SubmissionSource,
  remember?: Remember<Submitted>,
): Promise<Submitted> {
  requireRole(caller, 'issuer.clerk');
  const [outcome] = await submitLicences(house, caller, [{ body, from }], async (tx, [one]) => {
    // Rolls the transaction back; there is nothing in it.
    if (one && 'fault' in one) throw one.fault;
    if (one) await remember?.(tx, one.done);
  }).catch((error: unknown) => {
    throw isDuplicate(error) ? duplicateNumber(error) : error;
  });
  if (!outcome || 'fault' in outcome) throw new Fault('INTERNAL');
  return outcome.done;
}

/** Everything that is judged before anything is stored. Throws as `submitLicence`. */
export async function acceptSubmission(
  house: House,
  caller: Caller,
  body: unknown,
  replaces?: string,
): Promise<{ readonly entry: CatalogueColumns; readonly submission: Submission }> {
  const from: SubmissionSource = { source: 'api', ...(replaces === undefined ? {} : { replaces }) };
  const [judged] = await judgeSubmissions(house, caller, [{ body, from }]);
  if (!judged || 'fault' in judged) throw judged?.fault ?? new Fault('INTERNAL');
  return judged.accepted;
}

/** Write one licence and its holders in state `submitted`, and stop the clock of its case. */
export async function storeSubmission(
  house: House,
  tx: Tx,
  caller: Caller,
  entry: CatalogueColumns,
  submission: Submission,
  from: SubmissionSource,
): Promise<LicenceColumns> {
  const [row] = await storeSubmissions(house, tx, caller, [{ entry, submission, from }]);
  if (!row) throw new Fault('INTERNAL');
  return row;
}
