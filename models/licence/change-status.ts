/** Every change of an issued licence's status goes through the one table of legal moves, one licence or many. It takes effect
 *  now, at a time that has passed (not before what is in effect already), or later: then it is a planned move. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller, type Remember } from '../house.ts';
import { writtenText } from '../kernel/written-text.ts';
import { insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { actOnOne } from './act-on-one.ts';
import { type Arrival, type BulkOutcome, doneOf, judgeItem, type RememberAll } from './bulk-outcome.ts';
import { findIssuedHeirs } from './due-plans.ts';
import { findLastEffective } from './find-last-effective.ts';
import { judgeMove } from './judge-move.ts';
import { lockLicences } from './lock-licences.ts';
import { type ChangedLicence, changedLicence, type LicenceStep, recordSteps } from './record-steps.ts';
import type { PlannedMoveColumns } from './rows.ts';
import { STATUS_ACTS, type StatusAct } from './states.ts';
import { takenAtBy } from './turn-chains.ts';
import type { LicenceView } from './view-licence.ts';

export const statusChangeSchema = z.strictObject({
  act: z.enum(STATUS_ACTS as [StatusAct, ...StatusAct[]]),
  /** The rule it rests on, in words; required of acts that take something from the holder. */
  legalBasis: writtenText(500).optional(),
  reason: writtenText(1000),
  /** Since or from when it holds; default: now. At most a year ahead. */
  effectiveAt: z.iso.datetime({ offset: true }).optional(),
});
export type StatusChange = z.infer<typeof statusChangeSchema>;

export interface StatusItem {
  readonly licenceId: string;
  readonly change: StatusChange;
  /** It came by a way that has no place for a legal basis (tables of a province's making): the record says that none was stated. */
  readonly mayOmitBasis?: boolean;
  readonly arrival?: Arrival | undefined;
}

/** Throws `NOT_FOUND` for another department's licence, `STATE_CONFLICT` for a move that is not legal then, `FIELD_REQUIRED` for an
 *  adverse act without its legal basis, `SUCCEEDED_ALREADY` for one whose place is taken, `EFFECTIVE_TOO_EARLY`, `EFFECTIVE_TOO_LATE`. */
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
    const ids = items.map(({ licenceId }) => licenceId);
    const { licences, plans, entries } = await lockLicences(house, tx, caller, ids, issuingBody);
    const since = await findLastEffective(
      house,
      tx,
      items.filter(({ change }) => change.effectiveAt !== undefined).map(({ licenceId }) => licenceId),
    );
    const taken = takenAtBy(await findIssuedHeirs(house, idsToResume(items), { tx }));
    const steps: LicenceStep[] = [];
    const planned: PlannedMoveColumns[] = [];
    const outcomes = items.map((item) =>
      judgeItem(() => {
        const [licence, last] = [licences.get(item.licenceId), since.get(item.licenceId)];
        const own = planned.filter(({ licenceId }) => licenceId === item.licenceId);
        const ahead = [...(plans.get(item.licenceId) ?? []), ...own];
        const judged = judgeMove(house, caller, { licence, last, ahead, takenAt: taken.get(item.licenceId) }, item);
        if ('plan' in judged) planned.push(judged.plan);
        else steps.push(judged.step);
        const after = 'step' in judged ? judged.step.licence : judged.licence;
        licences.set(after.id, after);
        if ('step' in judged) since.set(after.id, judged.step.effectiveAt ?? after.updatedAt);
        return changedLicence(after);
      }),
    );
    await keep(house, tx, caller, steps, planned);
    if (steps.length + planned.length > 0) await remember?.(tx, doneOf(outcomes));
    await appendAudits(house, tx, houseCaller(caller.requestId), entries);
    await appendAudits(house, tx, caller, [...steps.map(describeStep), ...planned.map(describePlan)]);
    return outcomes;
  });
}

const idsToResume = (items: readonly StatusItem[]) =>
  items.filter(({ change }) => change.act === 'resume').map(({ licenceId }) => licenceId);

async function keep(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
  planned: readonly PlannedMoveColumns[],
): Promise<void> {
  if (steps.length > 0) await recordSteps(house, tx, caller, steps);
  await insertRows(house.db, tx, house.db.rows.plannedMoves, planned);
}

const describeStep = ({ licence, act, fromStatus, toStatus }: LicenceStep): AuditFacts => ({
  ...{ act: 'licence.status', licenceId: licence.id, details: { act, fromStatus, toStatus } },
});

const describePlan = ({ licenceId, act, effectiveAt }: PlannedMoveColumns): AuditFacts => ({
  ...{ act: 'licence.plan', licenceId, details: { act, effectiveAt: effectiveAt.toISOString() } },
});
