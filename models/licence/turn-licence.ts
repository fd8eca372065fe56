/** What comes of itself: the dates on the face (生效, 届满) and moves that were planned, in the order of their times. Pure; it is
 *  written by `turn-due.ts`. */
import { startOfShanghaiDate } from '../kernel/clock.ts';
import { type LicenceStep, withStatus } from './record-steps.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { nextStatus, turnsOn } from './states.ts';

/** Who is written down for what the dates do. */
export const CLOCK_ACTOR = 'clock';

const BY_DATE = {
  'take-effect': { legalBasis: '证照载明的有效期起始日期', reason: '到达有效期起始日期，自动生效' },
  expire: { legalBasis: '证照载明的有效期截止日期', reason: '超过有效期截止日期，自动届满' },
} as const;

export interface Turned {
  /** As it stands then. */
  readonly licence: LicenceColumns;
  readonly steps: readonly LicenceStep[];
  /** Plans whose time has come; `failed` when the move was no longer legal. */
  readonly settled: readonly { readonly plan: PlannedMoveColumns; readonly why: string | null }[];
}

/** @param plans of this licence, none of them settled
 *  @param until all that takes effect at or before it
 *  @param now when it is written down
 *  @param takenAt when a new version took its place, or will */
export function turnUntil(
  licence: LicenceColumns,
  plans: readonly PlannedMoveColumns[],
  until: Date,
  now: Date,
  takenAt?: Date,
): Turned {
  const waiting = plans
    .filter(({ effectiveAt }) => effectiveAt <= until)
    .sort((a, b) => a.effectiveAt.getTime() - b.effectiveAt.getTime() || (a.id < b.id ? -1 : 1));
  const steps: LicenceStep[] = [];
  const settled: { plan: PlannedMoveColumns; why: string | null }[] = [];
  let current = licence;
  for (;;) {
    const day = turnsOn(current);
    const turn = day === null ? undefined : startOfShanghaiDate(day);
    const plan = waiting[0];
    // The dates on the face go before what was planned for the same moment.
    if (turn && turn <= until && (!plan || turn <= plan.effectiveAt)) {
      const step = turnByDate(current, turn, now);
      steps.push(step);
      current = step.licence;
    } else if (plan) {
      waiting.shift();
      const step = comesBack(plan, takenAt) ? undefined : doPlanned(current, plan, now);
      if (step) steps.push(step);
      settled.push({ plan, why: step ? null : `${current.status} → ${plan.act}` });
      current = step?.licence ?? current;
    } else return { licence: current, steps, settled };
  }
}

/** A suspended licence keeps its status when a version takes its place, and is not resumed beside that. */
export function comesBack({ act, effectiveAt }: Pick<PlannedMoveColumns, 'act' | 'effectiveAt'>, takenAt?: Date) {
  return act === 'resume' && takenAt !== undefined && takenAt <= effectiveAt;
}

function turnByDate(licence: LicenceColumns, effectiveAt: Date, now: Date): LicenceStep {
  const { status: fromStatus } = licence;
  const act = fromStatus === 'not-yet-effective' ? 'take-effect' : 'expire';
  const toStatus = act === 'take-effect' ? 'valid' : 'expired';
  const step = { licence: withStatus(licence, toStatus, now), act, fromStatus, toStatus } as const;
  return { ...step, ...BY_DATE[act], effectiveAt, actor: CLOCK_ACTOR };
}

function doPlanned(licence: LicenceColumns, plan: PlannedMoveColumns, now: Date): LicenceStep | undefined {
  const { status: fromStatus } = licence;
  const { act, legalBasis, reason, effectiveAt, createdBy: actor } = plan;
  const toStatus = fromStatus === null ? undefined : nextStatus(fromStatus, act);
  if (!toStatus) return undefined;
  const step = { licence: withStatus(licence, toStatus, now), act, fromStatus, toStatus };
  return { ...step, legalBasis, reason, effectiveAt, actor };
}
