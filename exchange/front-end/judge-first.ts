/** What can be said of rows before anything is applied: envelopes that are broken, questions nobody answers, rows that were
 *  applied before. */

import { type AppliedRowColumns, appliedId, type Receipt } from '../../models/exchange-state/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { inLanes } from '../../models/kernel/in-lanes.ts';
import { advanceLicence } from './advance-licence.ts';
import { callerOf } from './arrival.ts';
import { checkEnvelope } from './check-envelope.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import { AWAITING, makeReceipt } from './receipts.ts';
import { type Outcomes, outcomeOfFault, type RowOutcome } from './row-outcome.ts';
import { takeTurn } from './take-turn.ts';

const AT_ONCE = 4;

/** The rows that are still to be applied; the others have their outcome. */
export async function judgeFirst(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
  outcomes: Outcomes,
): Promise<FrontEndRow[]> {
  const open: FrontEndRow[] = [];
  const again: (readonly [FrontEndRow, AppliedRowColumns])[] = [];
  for (const row of rows) {
    const applied = known.get(appliedId(row));
    const outcome = judgeOne(profile, row, applied);
    if (outcome === 'apply') open.push(row);
    else if (outcome === 'again' && applied) again.push([row, applied]);
    else if (outcome !== 'again') outcomes.set(row, outcome);
  }
  await inLanes(again, AT_ONCE, async ([row, applied]) => {
    outcomes.set(row, await answerAgain(pass, profile, row, applied));
  });
  return open;
}

function judgeOne(
  profile: FrontEndProfile,
  row: FrontEndRow,
  applied: AppliedRowColumns | undefined,
): RowOutcome | 'apply' | 'again' {
  if (row.kind === 'query') {
    return { kind: 'refused', receipt: makeReceipt('QUERY_NOT_ANSWERED'), files: 'none' };
  }
  try {
    checkEnvelope(row);
    // What was returned later counts too: an older revision must not come back in its place.
    if (!applied || applied.revision < row.revision) return 'apply';
    if (applied.revision > row.revision)
      throw new Fault('ROW_OUT_OF_ORDER', { detail: `已处理到修订 ${applied.revision}` });
    if (applied.payloadDigest !== row.payloadDigest)
      throw new Fault('ROW_OUT_OF_ORDER', { detail: '该修订号已处理过，内容不同；请以更高的修订号推送' });
    return 'again';
  } catch (error) {
    if (error instanceof Fault) return outcomeOfFault(profile, row, error);
    throw error;
  }
}

/** Applied before, but its receipt was lost: the same receipt once more and no second effect. A licence may meanwhile have
 *  come further. */
async function answerAgain(
  pass: MachinePass,
  profile: FrontEndProfile,
  row: FrontEndRow,
  known: AppliedRowColumns,
): Promise<RowOutcome> {
  try {
    return { kind: 'replayed', receipt: await keptReceipt(pass, row, known), files: 'all' };
  } catch (error) {
    return error instanceof Fault ? outcomeOfFault(profile, row, error) : { kind: 'deferred', error };
  }
}

/** Codes of receipts that follow the licence: a licence may be reviewed and sealed after its row was applied. */
const FOLLOWS: readonly string[] = [...AWAITING, 'ISSUED'];

async function keptReceipt(pass: MachinePass, row: FrontEndRow, known: AppliedRowColumns): Promise<Receipt> {
  const { licenceId, receiptState, receiptCode: code, receiptText: text } = known;
  if (row.kind === 'licence' && row.operation === 'upsert' && licenceId && FOLLOWS.includes(code)) {
    return takeTurn(pass.house, () => advanceLicence(pass.house, callerOf(pass, row), licenceId));
  }
  return { state: receiptState === 3 ? 3 : 2, code, text, licenceId };
}
