/** The former's part when its new version is issued, in the same transaction: its status and change record, the number, and what others
 *  are told. Where the new version takes effect later, the former keeps its place until that day, unless it has not begun itself. */
import type { AuditFacts } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { startOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type Handed, handOn } from './hand-on.ts';
import { holdWithFormers } from './lock-licences.ts';
import { numberKeyOf } from './number-licence.ts';
import { type LicenceStep, recordSteps, withStatus } from './record-steps.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { MOVES, nextStatus, type SuccessionAct } from './states.ts';
import { beginsBehind } from './succession.ts';
import { turnDue } from './turn-due.ts';

/** A new version, issued now. */
export type Version = LicenceColumns & { readonly predecessorId: string; readonly successionAct: SuccessionAct };

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
  const held = await holdWithFormers(
    house,
    tx,
    versions.map(({ predecessorId }) => predecessorId),
  );
  const { licences, plans: ahead, entries } = await turnDue(house, tx, caller, held);
  const [steps, plans]: [LicenceStep[], PlannedMoveColumns[]] = [[], []];
  const handed: Handed[] = [];
  for (const version of versions) {
    const former = licences.get(version.predecessorId);
    const toStatus = former?.status ? nextStatus(former.status, version.successionAct) : undefined;
    if (!former || !toStatus) throw broken(former, version.successionAct);
    const step = stepFor(former, version, toStatus);
    if (former.status !== 'not-yet-effective') {
      if (version.status === 'not-yet-effective') plans.push(planFor(house, caller, version));
      else steps.push(step);
      continue;
    }
    if (beginsBehind(former, version, toShanghaiDate(house.clock()))) throw broken(former, version.successionAct);
    // What has not begun gives up its place at once, and what it was to take is the new version's to take.
    const first = licences.get(former.predecessorId ?? '');
    const plan = first && ahead.get(first.id)?.find(({ act }) => MOVES[act].needsSuccessor);
    if (first) handed.push({ version, former, first, plan });
    const firstStep = plan && version.status !== 'not-yet-effective' ? stepByPlan(first, plan, version) : undefined;
    steps.push(...(firstStep ? [firstStep, step] : [step]));
  }
  await moveNumbers(house, tx, versions);
  plans.push(...(await handOn(house, tx, caller, handed)));
  if (steps.length > 0) await recordSteps(house, tx, caller, steps);
  await insertRows(house.db, tx, house.db.rows.plannedMoves, plans);
  return { turned: entries, own: steps.map(describe) };
}

const broken = (former: LicenceColumns | undefined, act: string) =>
  new Fault('SUCCESSION_BROKEN', { detail: `${former?.status} → ${act}` });

/** The part that was planned for the one still in place, made now; what has ended or expired meanwhile has none left. */
function stepByPlan(first: LicenceColumns, plan: PlannedMoveColumns, { updatedAt }: Version): LicenceStep | undefined {
  const { act, legalBasis, reason } = plan;
  const toStatus = first.status ? nextStatus(first.status, act) : undefined;
  // A suspension is not lifted by the way.
  if (!toStatus && first.status === 'suspended') throw broken(first, act);
  if (!toStatus) return undefined;
  const licence = withStatus(first, toStatus, updatedAt);
  return { licence, act, fromStatus: first.status, toStatus, legalBasis, reason };
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
