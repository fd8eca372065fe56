/** The former's part when its new version is issued, in the same transaction: its status and change record, the number, and what others
 *  are told. Where the new version takes effect later, the former keeps its place until that day. */
import type { AuditFacts } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { startOfShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { holdLicences } from './lock-licences.ts';
import { numberKeyOf } from './number-licence.ts';
import { type LicenceStep, recordSteps, withStatus } from './record-steps.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { nextStatus, type SuccessionAct } from './states.ts';
import { turnDue } from './turn-due.ts';

/** A new version, issued now. */
type Version = LicenceColumns & { readonly predecessorId: string; readonly successionAct: SuccessionAct };

export interface IssueEntries {
  /** For the log, in the name of the house: what came due of former licences. */
  readonly turned: readonly AuditFacts[];
  /** And in the name of who issues. */
  readonly own: readonly AuditFacts[];
}

/** Throws `SUCCESSION_BROKEN` when a former licence no longer allows it; then nothing of the issue is kept. */
export async function concludeSuccessions(
  house: House,
  tx: Tx,
  caller: Caller,
  issued: readonly LicenceColumns[],
): Promise<IssueEntries> {
  const versions = issued.filter((one): one is Version => one.predecessorId !== null && one.successionAct !== null);
  if (versions.length === 0) return { turned: [], own: [] };
  const held = await holdLicences(
    house,
    tx,
    versions.map(({ predecessorId }) => predecessorId),
  );
  const { licences, entries } = await turnDue(house, tx, caller, held);
  const [steps, plans]: [LicenceStep[], PlannedMoveColumns[]] = [[], []];
  for (const version of versions) {
    const former = licences.get(version.predecessorId);
    const toStatus = former?.status ? nextStatus(former.status, version.successionAct) : undefined;
    if (!former || !toStatus)
      throw new Fault('SUCCESSION_BROKEN', { detail: `${former?.status} → ${version.successionAct}` });
    if (version.status === 'not-yet-effective') plans.push(planFor(house, caller, version));
    else steps.push(stepFor(former, version, toStatus));
  }
  await moveNumbers(house, tx, versions);
  if (steps.length > 0) await recordSteps(house, tx, caller, steps);
  await insertRows(house.db, tx, house.db.rows.plannedMoves, plans);
  return { turned: entries, own: steps.map(describe) };
}

function stepFor(former: LicenceColumns, version: Version, toStatus: LicenceStep['toStatus']): LicenceStep {
  const { successionAct: act, successionBasis: legalBasis, successionReason: reason, updatedAt } = version;
  const licence = withStatus(former, toStatus, updatedAt);
  return { licence, act, fromStatus: former.status, toStatus, legalBasis, reason };
}

function planFor(house: House, caller: Caller, version: Version): PlannedMoveColumns {
  const { predecessorId: licenceId, successionAct: act, updatedAt: createdAt, validFrom } = version;
  const words = { legalBasis: version.successionBasis, reason: version.successionReason };
  const effectiveAt = validFrom === null ? createdAt : startOfShanghaiDate(validFrom);
  const open = { state: 'planned' as const, why: null, endedBy: null, endedAt: null };
  return { id: house.newId(), licenceId, act, ...words, effectiveAt, ...open, createdBy: caller.id, createdAt };
}

/** The same number is the new version's from now on. One that has a number of its own leaves the former's where it is. */
async function moveNumbers(house: House, tx: Tx, versions: readonly Version[]): Promise<void> {
  const { licences } = house.db.rows;
  const same = versions.filter(({ numberKey }) => numberKey === null);
  const formers = same.map(({ predecessorId: id }) => ({ id, numberKey: null }));
  await updateRows(house.db, tx, licences, 'id', formers);
  const heirs = same.map(({ id, catalogueCode, licenceNumber }) => ({
    ...{ id, numberKey: numberKeyOf(catalogueCode, licenceNumber) },
  }));
  await updateRows(house.db, tx, licences, 'id', heirs);
}

const describe = ({ licence, act, fromStatus, toStatus }: LicenceStep): AuditFacts => ({
  ...{ act: 'licence.status', licenceId: licence.id, details: { act, fromStatus, toStatus } },
});
