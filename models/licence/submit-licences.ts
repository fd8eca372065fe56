/** Many submissions in one act: each is judged alone, all good ones are stored together. What passes waits for review. The same
 *  for every way in; a single submission is one of one. */
import { requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { BulkOutcome } from './bulk-outcome.ts';
import { judgeSubmissions, type SubmissionItem } from './judge-submissions.ts';
import { retryDuplicate } from './retry-duplicate.ts';
import type { LicenceColumns } from './rows.ts';
import { type CaseWay, storeSubmissions } from './store-submissions.ts';

export interface Submitted {
  readonly licenceId: string;
  readonly state: LicenceColumns['state'];
  readonly licenceNumber: string;
}

export type SubmissionOutcome = BulkOutcome<Submitted>;

/** What became of each item, in their order. `remember` runs in the transaction that stores them.
 *  Throws only what is no item's fault; then nothing is stored. */
export async function submitLicences(
  house: House,
  caller: Caller,
  items: readonly SubmissionItem[],
  remember?: (tx: Tx, outcomes: readonly SubmissionOutcome[]) => Promise<void>,
  way?: CaseWay,
): Promise<readonly SubmissionOutcome[]> {
  requireRole(caller, 'issuer.clerk');
  return retryDuplicate(() => submitOnce(house, caller, items, remember, way));
}

async function submitOnce(
  house: House,
  caller: Caller,
  items: readonly SubmissionItem[],
  remember: ((tx: Tx, outcomes: readonly SubmissionOutcome[]) => Promise<void>) | undefined,
  way: CaseWay | undefined,
): Promise<readonly SubmissionOutcome[]> {
  const judged = await judgeSubmissions(house, caller, items);
  const accepted = judged.flatMap((one) => ('accepted' in one ? [one.accepted] : []));
  if (accepted.length === 0 && !remember) return judged.flatMap((one) => ('fault' in one ? [one] : []));
  return withTransaction(house.db, async (tx) => {
    const rows = accepted.length > 0 ? await storeSubmissions(house, tx, caller, accepted, way) : [];
    let next = 0;
    const outcomes = judged.map((one): SubmissionOutcome => {
      if ('fault' in one) return one;
      const row = rows[next];
      next += 1;
      if (!row) throw new Error('a submission was not stored');
      return { done: { licenceId: row.id, state: row.state, licenceNumber: row.licenceNumber } };
    });
    await remember?.(tx, outcomes);
    await appendAudits(house, tx, caller, rows.map(describe));
    return outcomes;
  });
}

const describe = ({ id, caseNumber, catalogueCode, source }: LicenceColumns): AuditFacts => ({
  ...{ act: 'licence.submit', licenceId: id, caseNumber },
  details: { catalogueCode, source },
});

export function duplicateNumber(cause?: unknown): Fault {
  const errors: PointedFault[] = [{ pointer: '/fields/licenceNumber', code: 'LICENCE_NUMBER_DUPLICATE' }];
  return new Fault('LICENCE_NUMBER_DUPLICATE', { errors, cause });
}
