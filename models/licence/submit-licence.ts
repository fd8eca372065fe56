/** Accept, authorise and lint one submission (信息提交); what passes waits for review. One of `submitLicences`. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { isDuplicate } from '../store/with-transaction.ts';
import type { SubmissionSource } from './judge-submissions.ts';
import { duplicateNumber, type Submitted, submitLicences } from './submit-licences.ts';

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
