/** Catalogue entries and closing notices, each in an act of its own, several at a time. */

import { AppliedMeanwhile } from '../../models/exchange-state/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { inLanes } from '../../models/kernel/in-lanes.ts';
import { applyCase } from './apply-case.ts';
import { applyCatalogue } from './apply-catalogue.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import { type Outcomes, outcomeOfFault } from './row-outcome.ts';
import { takeTurn } from './take-turn.ts';

const AT_ONCE = 4;

/** Throws `AppliedMeanwhile`; the rows without an outcome are to be looked at again. */
export async function applyEach(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  outcomes: Outcomes,
): Promise<void> {
  await inLanes(rows, AT_ONCE, async (row) => {
    try {
      const receipt = await takeTurn(pass.house, () =>
        row.kind === 'catalogue' ? applyCatalogue(pass, row) : applyCase(pass, row),
      );
      outcomes.set(row, { kind: 'accepted', receipt, files: 'none' });
    } catch (error) {
      if (error instanceof AppliedMeanwhile) throw error;
      outcomes.set(row, error instanceof Fault ? outcomeOfFault(profile, row, error) : { kind: 'deferred', error });
    }
  });
}
