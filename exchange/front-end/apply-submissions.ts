/** New licences and corrections of what nobody has sealed yet: stored together, then each taken as far as it may go without a
 *  person. */

import { appliedId, updateReceipts } from '../../models/exchange-state/index.ts';
import { inLanes } from '../../models/kernel/in-lanes.ts';
import {
  type BulkDone,
  type SubmissionItem,
  type SubmissionOutcome,
  submitLicences,
} from '../../models/licence/index.ts';
import { advanceLicence } from './advance-licence.ts';
import { callerOf } from './arrival.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';
import type { Outcomes } from './row-outcome.ts';
import { type BulkAct, type Planned, runBulk } from './run-bulk.ts';
import { takeTurn } from './take-turn.ts';

type Submitted = Extract<SubmissionOutcome, { readonly done: unknown }>['done'];

/** While one is sealed another is stored. */
export const SEALED_AT_ONCE = 4;
/** Sealed in one turn; then another department has its own. */
const TURN = 40;

/** Throws `AppliedMeanwhile`; the rows without an outcome are to be looked at again. */
export async function applySubmissions(
  pass: MachinePass,
  profile: FrontEndProfile,
  planned: readonly Planned<SubmissionItem>[],
  outcomes: Outcomes,
): Promise<void> {
  const { house, caller } = pass;
  const submit: BulkAct<SubmissionItem, Submitted> = {
    act: (items, remember) => submitLicences(house, caller, items, (tx, all) => remember(tx, doneOf(all))),
    receipt: ({ licenceId }) => makeReceipt('AWAITING_REVIEW', '', licenceId),
  };
  await runBulk(pass, profile, planned, submit, outcomes);
  const stored = planned.map(({ row }) => row).filter((row) => outcomes.get(row)?.kind === 'accepted');
  for (let from = 0; from < stored.length; from += TURN) {
    const turn = stored.slice(from, from + TURN);
    await takeTurn(house, () => inLanes(turn, SEALED_AT_ONCE, (row) => advance(pass, row, outcomes)));
    await keepReceipts(pass, turn, outcomes);
  }
}

function doneOf(outcomes: readonly SubmissionOutcome[]): BulkDone<Submitted>[] {
  return outcomes.flatMap((outcome, index) => ('done' in outcome ? [{ index, done: outcome.done }] : []));
}

async function advance(pass: MachinePass, row: FrontEndRow, outcomes: Outcomes): Promise<void> {
  const outcome = outcomes.get(row);
  if (outcome?.kind !== 'accepted' || !outcome.receipt.licenceId) return;
  try {
    const receipt = await advanceLicence(pass.house, callerOf(pass, row), outcome.receipt.licenceId);
    outcomes.set(row, { ...outcome, kind: receipt.state === 3 ? 'refused' : 'accepted', receipt });
  } catch (error) {
    // It is in the house already; the next pass goes on from there.
    outcomes.set(row, { kind: 'deferred', error });
  }
}

/** What was kept was written before the licence was sealed. */
async function keepReceipts({ house }: MachinePass, rows: readonly FrontEndRow[], outcomes: Outcomes): Promise<void> {
  const changed = rows.flatMap((row) => {
    const outcome = outcomes.get(row);
    return outcome?.kind === 'accepted' && outcome.receipt.code !== 'AWAITING_REVIEW'
      ? [{ id: appliedId(row), revision: row.revision, receipt: outcome.receipt }]
      : [];
  });
  await updateReceipts(house, changed);
}
