/** Write down what has come due of licences that are held: change records, plans settled, all published. Whoever acts upon a licence
 *  begins with this, so that nothing depends on how soon the clock came by; the clock does it for the others. */
import type { AuditFacts } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller } from '../house.ts';
import { type Notice, tellRecipients } from '../notice/index.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findHeirs, findPlans } from './due-plans.ts';
import { recordSteps } from './record-steps.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { type Chains, turnChains } from './turn-chains.ts';
import { CLOCK_ACTOR, type Turned } from './turn-licence.ts';

export interface TurnedLicences {
  /** As they stand now, by id. */
  readonly licences: Map<string, LicenceColumns>;
  /** Moves that still lie ahead, by licence. */
  readonly plans: ReadonlyMap<string, readonly PlannedMoveColumns[]>;
  /** For the log, as the last thing of the transaction, in the name of the house. */
  readonly entries: readonly AuditFacts[];
  readonly steps: number;
}

/** @param held rows of issued licences, or others, which are left alone */
export async function turnDue(
  house: House,
  tx: Tx,
  caller: Caller,
  held: readonly LicenceColumns[],
): Promise<TurnedLicences> {
  const now = house.clock();
  const licences = new Map(held.map((licence) => [licence.id, licence]));
  const issued = held.filter(({ state, source }) => state === 'issued' && source !== 'province');
  const { heirs, plans } = await loadBeside(house, tx, issued, now);
  const turned = turnChains({ licences: issued, heirs, plans }, now, now).filter(
    ({ steps, settled }) => steps.length > 0 || settled.length > 0,
  );
  for (const { licence } of turned) if (licences.has(licence.id)) licences.set(licence.id, licence);
  const ahead = new Map<string, readonly PlannedMoveColumns[]>(
    issued.map(({ id }) => [id, (plans.get(id) ?? []).filter(({ effectiveAt }) => effectiveAt > now)]),
  );
  const steps = turned.flatMap((one) => one.steps);
  if (turned.length > 0) await keep(house, tx, houseCaller(caller.requestId), turned);
  return { licences, plans: ahead, entries: turned.flatMap(describe), steps: steps.length };
}

/** Their plans, and the new versions that due ones make room for, held, with theirs. */
async function loadBeside(
  house: House,
  tx: Tx,
  licences: readonly LicenceColumns[],
  now: Date,
): Promise<Pick<Chains, 'heirs' | 'plans'>> {
  const own = await findPlans(house, idsOf(licences), { tx });
  const heirs = await findHeirs(house, own, now, { tx, lock: true });
  const held = new Set(idsOf(licences));
  const beside = idsOf(heirs).filter((id) => !held.has(id));
  return { heirs, plans: new Map([...own, ...(await findPlans(house, beside, { tx, until: now }))]) };
}

const idsOf = (rows: readonly LicenceColumns[]): string[] => rows.map(({ id }) => id);

async function keep(house: House, tx: Tx, caller: Caller, turned: readonly Turned[]): Promise<void> {
  // What came first is told first, also of several versions of one licence.
  const steps = turned
    .flatMap((one) => one.steps)
    .sort((a, b) => (a.effectiveAt?.getTime() ?? 0) - (b.effectiveAt?.getTime() ?? 0));
  if (steps.length > 0) await recordSteps(house, tx, caller, steps);
  const settled = turned.flatMap((one) => one.settled);
  const endedAt = house.clock();
  await updateRows(
    house.db,
    tx,
    house.db.rows.plannedMoves,
    'id',
    settled.map(({ plan, why }) => ({
      ...{ id: plan.id, state: why === null ? ('done' as const) : ('failed' as const), why },
      ...{ endedBy: CLOCK_ACTOR, endedAt },
    })),
  );
  await tellRecipients(house, tx, turned.flatMap(tellFailed));
}

function tellFailed({ licence, settled }: Turned): Notice[] {
  return settled.flatMap(({ plan, why }): Notice[] =>
    why === null
      ? []
      : [
          {
            ...{ to: `body:${licence.issuingBody}`, kind: 'move.failed', subjectId: plan.id, stage: 'failed' },
            facts: { licenceId: licence.id, act: plan.act, effectiveAt: plan.effectiveAt.toISOString(), why },
          },
        ],
  );
}

function describe({ steps, settled }: Turned): AuditFacts[] {
  const moved = steps.map(
    ({ licence, act, fromStatus, toStatus }): AuditFacts => ({
      ...{ act: 'licence.status', licenceId: licence.id, details: { act, fromStatus, toStatus, by: CLOCK_ACTOR } },
    }),
  );
  const failed = settled.flatMap(({ plan, why }): AuditFacts[] =>
    why === null
      ? []
      : [{ act: 'licence.status', outcome: 'failed', licenceId: plan.licenceId, details: { planned: plan.act, why } }],
  );
  return [...moved, ...failed];
}
