/** Licences that their departments have sealed are compared as any other before they are recorded as issued. */
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { compareHolders, describeComparisons, type HolderComparison, judgeComparisons } from '../registry/index.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { BulkOutcome } from './bulk-outcome.ts';
import type { AcceptedSubmission } from './judge-submissions.ts';

/** In the order of the holders; empty where the entry asks for no comparison. */
export interface Compared {
  readonly comparisons: readonly HolderComparison[];
}

/** The good items with what the registries said of their holders; those that do not match, or cannot be compared now, with
 *  `REGISTRY_MISMATCH` or `REGISTRY_UNAVAILABLE`. Nothing of a refused one is kept but the log. */
export async function compareSealed<Item extends { readonly accepted: AcceptedSubmission }>(
  house: House,
  caller: Caller,
  judged: readonly BulkOutcome<Item>[],
): Promise<readonly BulkOutcome<Item & Compared>[]> {
  const holdersOf = (one: BulkOutcome<Item>) => {
    if ('fault' in one) return [];
    const { entry, submission } = one.done.accepted;
    return entry.definition.registryComparison ? submission.holders : [];
  };
  const found = await compareHolders(house, caller, judged.flatMap(holdersOf));
  const refused: (readonly HolderComparison[])[] = [];
  let next = 0;
  const outcomes = judged.map((one): BulkOutcome<Item & Compared> => {
    if ('fault' in one) return one;
    const comparisons = found.slice(next, next + holdersOf(one).length);
    next += comparisons.length;
    const fault = judgeComparisons(comparisons);
    if (fault?.code === 'REGISTRY_MISMATCH') refused.push(comparisons);
    return fault ? { fault } : { done: { ...one.done, comparisons } };
  });
  if (refused.length > 0) await logRefused(house, caller, refused);
  return outcomes;
}

function logRefused(house: House, caller: Caller, refused: readonly (readonly HolderComparison[])[]): Promise<number> {
  return withTransaction(house.db, (tx) =>
    appendAudits(
      house,
      tx,
      caller,
      refused.map((comparisons) => describeComparisons(comparisons)),
    ),
  );
}
