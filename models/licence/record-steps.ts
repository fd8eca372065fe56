/** Write steps of issued licences: the licence as it now is, its change record, and what others are told; set-based, however many. */
import { followCommitments } from '../commitment/follow-commitments.ts';
import type { Caller, House } from '../house.ts';
import { forgetSuspensions } from '../inspection/forget-suspensions.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { Arrival } from './bulk-outcome.ts';
import { carryOver } from './carry-over.ts';
import { licenceChange } from './licence-change.ts';
import { releaseFormers } from './release-formers.ts';
import type { ChangeColumns, LicenceColumns, ReplacedFacts } from './rows.ts';
import { type LicenceStatus, turnsOn } from './states.ts';

/** One step of one licence. A licence may take several in a batch, each with a sequence of its own. */
export interface LicenceStep {
  /** As it is after the step. */
  readonly licence: LicenceColumns;
  readonly act: string;
  readonly fromStatus: LicenceStatus | null;
  readonly toStatus: LicenceStatus;
  readonly legalBasis: string | null;
  readonly reason: string | null;
  readonly arrival?: Arrival | undefined;
  /** Since when it holds. Default: the moment of the step. */
  readonly effectiveAt?: Date;
  /** Who decided it. Default: who acts. */
  readonly actor?: string;
  /** What data maintenance took away. */
  readonly replaced?: ReplacedFacts | null;
}

/** A licence as it stands after a change of its status. */
export function withStatus(licence: LicenceColumns, status: LicenceStatus, now: Date): LicenceColumns {
  const moved = { ...licence, status, sequence: licence.sequence + 1, updatedAt: now };
  return { ...moved, turnsOn: turnsOn(moved) };
}

/** A licence after an act upon many. */
export interface ChangedLicence {
  readonly licenceId: string;
  readonly identifier: string | null;
  readonly licenceNumber: string;
  readonly status: LicenceStatus | null;
  readonly sequence: number;
  readonly licence: LicenceColumns;
}

export function changedLicence(licence: LicenceColumns): ChangedLicence {
  const { id, identifier, licenceNumber, status, sequence } = licence;
  return { licenceId: id, identifier, licenceNumber, status, sequence, licence };
}

/** Columns that a step may give a new value; the others are as they were issued. */
type Changed = keyof LicenceColumns & ('status' | 'fields' | 'caseNumber' | 'closedAt');

/** @param also columns that these steps may have changed beside status, sequence and time */
export async function recordSteps(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
  also: readonly Changed[] = [],
): Promise<void> {
  const columns = ['id', 'status', 'turnsOn', 'sequence', 'updatedAt', ...also] as const;
  // The last step of each licence is where it stands.
  const newest = new Map(steps.map(({ licence }) => [licence.id, licence]));
  const standing = [...newest.values()].map((licence) =>
    Object.fromEntries(columns.map((column) => [column, licence[column]])),
  );
  const { licences } = house.db.rows;
  await updateRows(house.db, tx, licences, 'id', standing);
  await recordChanges(house, tx, caller, steps);
  await carryOver(house, tx, caller, steps);
  await followCommitments(house, tx, caller, steps);
  await forgetSuspensions(house, tx, steps);
  await releaseFormers(house, tx, caller, steps);
  await publishChanges(
    house,
    tx,
    caller,
    steps.map(({ licence, act, arrival }) => licenceChange(licence, act, arrival)),
  );
}

/** The change records (变更记录) of steps. */
export async function recordChanges(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
): Promise<void> {
  await insertRows(
    house.db,
    tx,
    house.db.rows.changes,
    steps.map((step) => composeChange(house, caller, step)),
  );
}

function composeChange(house: House, caller: Caller, step: LicenceStep): ChangeColumns {
  const { licence, act, fromStatus, toStatus, legalBasis, reason, replaced = null } = step;
  const { id: licenceId, sequence, updatedAt } = licence;
  return {
    ...{
      id: house.newId(),
      licenceId,
      sequence,
      act,
      fromStatus,
      toStatus,
      actor: step.actor ?? caller.id,
      legalBasis,
    },
    ...{ reason, replaced, effectiveAt: step.effectiveAt ?? updatedAt, createdAt: updatedAt },
  };
}
