/** May this move be made, at this time? Against the one table, with everything before it done: the dates on the face and the moves
 *  that are planned. */
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import type { StatusItem } from './change-status.ts';
import { type LicenceStep, withStatus } from './record-steps.ts';
import { requireOwn } from './require-own.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { type LicenceStatus, MOVES, nextStatus, type StatusAct, statusOn } from './states.ts';
import { comesBack, turnUntil } from './turn-licence.ts';

const YEAR_MS = 366 * 86_400_000;
/** Stands in the record where the way in has no place for a rule. */
const UNSTATED_BASIS = '未载明';

export interface MoveContext {
  readonly licence: LicenceColumns | undefined;
  /** Since when its newest change holds, where it was looked up. */
  readonly last: Date | undefined;
  readonly ahead: readonly PlannedMoveColumns[];
  /** When a new version took its place, or will, where that was looked up. */
  readonly takenAt?: Date | undefined;
}

export type JudgedMove =
  | { readonly step: LicenceStep }
  | { readonly plan: PlannedMoveColumns; readonly licence: LicenceColumns };

export function judgeMove(
  house: House,
  caller: Caller,
  { licence, last, ahead, takenAt }: MoveContext,
  { change, arrival, mayOmitBasis = false }: StatusItem,
): JudgedMove {
  if (!licence) throw new Fault('NOT_FOUND');
  requireOwn(licence);
  const { act, reason } = change;
  const { needsBasis } = MOVES[act];
  if (needsBasis && !mayOmitBasis && change.legalBasis === undefined)
    throwFaults([{ pointer: '/legalBasis', code: 'FIELD_REQUIRED' }]);
  const legalBasis = change.legalBasis ?? (needsBasis ? UNSTATED_BASIS : null);
  const now = house.clock();
  const effectiveAt = change.effectiveAt === undefined ? now : new Date(change.effectiveAt);
  const since = effectiveAt > now ? effectiveAt : now;
  if (comesBack({ act, effectiveAt: since }, takenAt)) throw new Fault('SUCCEEDED_ALREADY');
  if (effectiveAt > now) {
    if (effectiveAt.getTime() - now.getTime() > YEAR_MS) throw effectiveFault('EFFECTIVE_TOO_LATE');
    requireMove(turnUntil(licence, ahead, effectiveAt, now, takenAt).licence, act, effectiveAt);
    const plan = { id: house.newId(), licenceId: licence.id, act, legalBasis, reason, effectiveAt } as const;
    const open = { state: 'planned', why: null, createdBy: caller.id, createdAt: now, endedBy: null } as const;
    return { plan: { ...plan, ...open, endedAt: null }, licence };
  }
  const [fromStatus, toStatus] = requireMove(licence, act, now);
  if (last !== undefined && effectiveAt < last) throw effectiveFault('EFFECTIVE_TOO_EARLY');
  const moved = withStatus(licence, toStatus, now);
  return { step: { licence: moved, act, fromStatus, toStatus, legalBasis, reason, arrival, effectiveAt } };
}

function requireMove(licence: LicenceColumns, act: StatusAct, at: Date): readonly [LicenceStatus, LicenceStatus] {
  const day = toShanghaiDate(at);
  const from = licence.state === 'issued' ? statusOn(licence, day) : null;
  const to = from ? nextStatus(from, act) : undefined;
  // Nothing takes effect before its own date, whoever says so.
  const tooEarly = to === 'valid' && statusOn({ ...licence, status: to }, day) !== 'valid';
  if (!from || !to || tooEarly) throw new Fault('STATE_CONFLICT', { detail: `${from ?? licence.state} → ${act}` });
  return [from, to];
}

function effectiveFault(code: 'EFFECTIVE_TOO_EARLY' | 'EFFECTIVE_TOO_LATE'): Fault {
  return new Fault(code, { errors: [{ pointer: '/effectiveAt', code }] });
}
