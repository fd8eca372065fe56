/** Hand rows to an act upon many: one transaction with the records that they were applied, their outcomes in the words of
 *  receipts. */
import { type AppliedRow, type Receipt, recordApplied } from '../../models/exchange-state/index.ts';
import type { BulkDone, BulkOutcome, RememberAll } from '../../models/licence/index.ts';
import { actInParts } from './act-in-parts.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass, RowAnswer } from './profile.ts';
import { type Outcomes, outcomeOfFault } from './row-outcome.ts';
import { takeTurn } from './take-turn.ts';

/** A row, and what it asks of the act. */
export interface Planned<Item> {
  readonly row: FrontEndRow;
  readonly item: Item;
  /** Of a sealed licence: those that were handed over with it. */
  readonly files?: RowAnswer['files'];
}

export interface BulkAct<Item, Done> {
  act(items: readonly Item[], remember: RememberAll<Done>): Promise<readonly BulkOutcome<Done>[]>;
  receipt(done: Done, row: FrontEndRow): Receipt;
}

/** Throws `AppliedMeanwhile`; the rows without an outcome are to be looked at again. */
export async function runBulk<Item, Done>(
  pass: MachinePass,
  profile: FrontEndProfile,
  planned: readonly Planned<Item>[],
  { act, receipt }: BulkAct<Item, Done>,
  outcomes: Outcomes,
): Promise<void> {
  const { house, caller } = pass;
  const run = async (part: readonly Planned<Item>[]) => {
    const toApplied = ({ index, done }: BulkDone<Done>): AppliedRow => {
      const row = part[index]?.row;
      if (!row) throw new RangeError('an outcome without its item');
      return { mark: row, receipt: receipt(done, row) };
    };
    const results = await takeTurn(house, () =>
      act(
        part.map(({ item }) => item),
        (tx, done) => recordApplied(house, tx, caller, done.map(toApplied)),
      ),
    );
    pass.onPortion?.();
    for (const [index, { row, files = 'all' }] of part.entries()) {
      const result = results[index];
      if (!result) throw new RangeError('an item without its outcome');
      if ('fault' in result) outcomes.set(row, outcomeOfFault(profile, row, result.fault));
      else outcomes.set(row, { kind: 'accepted', receipt: receipt(result.done, row), files });
    }
  };
  await actInParts(house, planned, run, (part, error) => {
    for (const { row } of part) outcomes.set(row, { kind: 'deferred', error });
  });
}
