/** Every change of an issued licence's status goes through the one table of legal moves, one licence or many. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { actOnOne } from './act-on-one.ts';
import { type Arrival, type BulkOutcome, doneOf, judgeItem, type RememberAll } from './bulk-outcome.ts';
import { lockLicences } from './lock-licences.ts';
import { type ChangedLicence, changedLicence, type LicenceStep, recordSteps } from './record-steps.ts';
import { requireOwn } from './require-own.ts';
import type { LicenceColumns } from './rows.ts';
import { nextStatus, STATUS_ACTS, type StatusAct, statusOn } from './states.ts';
import type { LicenceView } from './view-licence.ts';

export const statusChangeSchema = z.strictObject({
  act: z.enum(Object.keys(STATUS_ACTS) as [StatusAct, ...StatusAct[]]),
  /** The rule it rests on, in words. */
  legalBasis: writtenText(500).optional(),
  reason: writtenText(1000),
});
export type StatusChange = z.infer<typeof statusChangeSchema>;

export interface StatusItem {
  readonly licenceId: string;
  readonly change: StatusChange;
  readonly arrival?: Arrival | undefined;
}

/** Throws `NOT_FOUND` for another department's licence, `STATE_CONFLICT` for a move that is not legal today. */
export async function changeStatus(
  house: House,
  caller: Caller,
  licenceId: string,
  change: StatusChange,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  return actOnOne(house, (all) => changeStatuses(house, caller, [{ licenceId, change }], all), remember);
}

/** Every item is judged by the same rules as a single change, in the order in which they stand; several of one licence follow
 *  each other. All good ones are kept in one transaction. Gives the outcomes in the order of the items. */
export async function changeStatuses(
  house: House,
  caller: Caller,
  items: readonly StatusItem[],
  remember?: RememberAll<ChangedLicence>,
): Promise<readonly BulkOutcome<ChangedLicence>[]> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  const issuingBody = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const licences = await lockLicences(
      house,
      tx,
      items.map(({ licenceId }) => licenceId),
      issuingBody,
    );
    const steps: LicenceStep[] = [];
    const outcomes = items.map((item) =>
      judgeItem(() => {
        const step = judgeMove(house, licences.get(item.licenceId), item);
        licences.set(item.licenceId, step.licence);
        steps.push(step);
        return changedLicence(step.licence);
      }),
    );
    if (steps.length === 0) return outcomes;
    await recordSteps(house, tx, caller, steps);
    await remember?.(tx, doneOf(outcomes));
    await appendAudits(
      house,
      tx,
      caller,
      steps.map(({ licence, act, fromStatus, toStatus }) => ({
        ...{ act: 'licence.status', licenceId: licence.id, details: { act, fromStatus, toStatus } },
      })),
    );
    return outcomes;
  });
}

function judgeMove(house: House, row: LicenceColumns | undefined, { change, arrival }: StatusItem): LicenceStep {
  if (!row) throw new Fault('NOT_FOUND');
  requireOwn(row);
  const { act, legalBasis = null, reason } = change;
  const updatedAt = house.clock();
  const today = toShanghaiDate(updatedAt);
  const fromStatus = row.state === 'issued' ? statusOn(row, today) : null;
  const toStatus = fromStatus ? nextStatus(fromStatus, act) : undefined;
  // Nothing takes effect before its own date, whoever says so.
  const tooEarly = toStatus === 'valid' && statusOn({ ...row, status: toStatus }, today) !== 'valid';
  if (!fromStatus || !toStatus || tooEarly)
    throw new Fault('STATE_CONFLICT', { detail: `${fromStatus ?? row.state} → ${act}` });
  const licence = { ...row, status: toStatus, sequence: row.sequence + 1, updatedAt };
  return { licence, act, fromStatus, toStatus, legalBasis, reason, arrival };
}
