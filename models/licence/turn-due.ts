/** Write down what has come due of licences that are held: change records, plans settled, all published. Whoever acts upon a licence
 *  begins with this, so that nothing depends on how soon the clock came by; the clock does it for the others. */
import { Op } from 'sequelize';
import type { AuditFacts } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller } from '../house.ts';
import { type Notice, tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { recordSteps } from './record-steps.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { CLOCK_ACTOR, type Turned, turnUntil } from './turn-licence.ts';

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
  const planned = await loadPlans(house, tx, issued);
  const turned: Turned[] = [];
  const ahead = new Map<string, readonly PlannedMoveColumns[]>();
  for (const licence of issued) {
    const plans = planned.get(licence.id) ?? [];
    const one = turnUntil(licence, plans, now, now);
    ahead.set(
      licence.id,
      plans.filter(({ effectiveAt }) => effectiveAt > now),
    );
    if (one.steps.length === 0 && one.settled.length === 0) continue;
    turned.push(one);
    licences.set(licence.id, one.licence);
  }
  const steps = turned.flatMap((one) => one.steps);
  if (turned.length > 0) await keep(house, tx, houseCaller(caller.requestId), turned);
  return { licences, plans: ahead, entries: turned.flatMap(describe), steps: steps.length };
}

async function loadPlans(
  house: House,
  tx: Tx,
  licences: readonly LicenceColumns[],
): Promise<Map<string, PlannedMoveColumns[]>> {
  const byLicence = new Map<string, PlannedMoveColumns[]>();
  if (licences.length === 0) return byLicence;
  const where = { licenceId: { [Op.in]: licences.map(({ id }) => id) }, state: 'planned' as const };
  const plans = await readRows(house.db.rows.plannedMoves, { where, tx });
  for (const plan of plans) byLicence.set(plan.licenceId, [...(byLicence.get(plan.licenceId) ?? []), plan]);
  return byLicence;
}

async function keep(house: House, tx: Tx, caller: Caller, turned: readonly Turned[]): Promise<void> {
  const steps = turned.flatMap((one) => one.steps);
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
