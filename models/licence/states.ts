/** Where a licence stands while it is made, its business status afterwards, and the one table of legal moves between statuses
 *  (R-35). */
import { addDays, LAST_DATE } from '../kernel/clock.ts';

/** submitted → reviewed → issued; until it is sealed a reviewer may return it and its department withdraw it. Either is
 *  submitted anew. */
export const LICENCE_STATES = ['submitted', 'returned', 'withdrawn', 'reviewed', 'sealing', 'issued'] as const;
export type LicenceState = (typeof LICENCE_STATES)[number];

/** Business status, with its 中文. Codes of other libraries: exchange/henan/code-lists.ts. */
export const LICENCE_STATUSES = {
  'not-yet-effective': { zh: '未生效' },
  valid: { zh: '有效' },
  suspended: { zh: '挂起' },
  expired: { zh: '届满' },
  cancelled: { zh: '注销' },
  revoked: { zh: '吊销' },
  annulled: { zh: '撤销' },
  voided: { zh: '作废' },
  repealed: { zh: '废止' },
  superseded: { zh: '已变更' },
} as const;
export type LicenceStatus = keyof typeof LICENCE_STATUSES;

interface Move {
  readonly zh: string;
  readonly to: LicenceStatus;
  readonly from: readonly LicenceStatus[];
  /** `clock`: it comes with the day; the issuer (a person or its system) may state it too where it is among them. */
  readonly by: readonly ('issuer' | 'clock')[];
  /** It takes something from the holder: the rule it rests on is named. The clock brings words of its own. */
  readonly needsBasis: boolean;
  /** It is the former's part in a succession: a new version is issued in its place. */
  readonly needsSuccessor: boolean;
}

const ALIVE = ['not-yet-effective', 'valid', 'suspended', 'expired'] as const;
const issuer = { by: ['issuer'], needsBasis: false, needsSuccessor: false } as const;
const adverse = { ...issuer, needsBasis: true } as const;
const clock = { ...issuer, by: ['issuer', 'clock'] } as const;
const succession = { ...issuer, needsSuccessor: true } as const;

/** Every act after the issue. A suspension is not lifted by a new version, so what is suspended has none. */
export const MOVES = {
  suspend: { zh: '挂起', to: 'suspended', from: ['valid'], ...adverse },
  resume: { zh: '恢复', to: 'valid', from: ['suspended'], ...issuer },
  cancel: { zh: '注销', to: 'cancelled', from: ALIVE, ...adverse },
  revoke: { zh: '吊销', to: 'revoked', from: ['valid', 'suspended'], ...adverse },
  annul: { zh: '撤销', to: 'annulled', from: ALIVE, ...adverse },
  void: { zh: '作废', to: 'voided', from: ALIVE, ...adverse },
  repeal: { zh: '废止', to: 'repealed', from: ALIVE, ...adverse },
  expire: { zh: '届满', to: 'expired', from: ['valid', 'suspended'], ...clock, needsBasis: true },
  'take-effect': { zh: '生效', to: 'valid', from: ['not-yet-effective'], ...clock },
  renew: { zh: '延续', to: 'superseded', from: ['valid', 'expired'], ...succession },
  amend: { zh: '变更', to: 'superseded', from: ['not-yet-effective', 'valid'], ...succession },
  replace: { zh: '补证', to: 'voided', from: ['not-yet-effective', 'valid'], ...succession },
} as const satisfies Record<string, Move>;
export type LicenceAct = keyof typeof MOVES;
export type SuccessionAct = 'renew' | 'amend' | 'replace';
export const SUCCESSION_ACTS = ['renew', 'amend', 'replace'] as const satisfies readonly SuccessionAct[];
/** Done by a change of status alone. */
export type StatusAct = Exclude<LicenceAct, SuccessionAct>;

export const STATUS_ACTS = (Object.keys(MOVES) as LicenceAct[]).filter(
  (act): act is StatusAct => !MOVES[act].needsSuccessor,
);

/** The status an act leads to, or undefined when it is not legal from here. */
export function nextStatus(from: LicenceStatus, act: LicenceAct): LicenceStatus | undefined {
  const move: Move = MOVES[act];
  return move.from.includes(from) ? move.to : undefined;
}

/** Nothing leads on from here. */
export function hasEnded(status: LicenceStatus): boolean {
  return !(ALIVE as readonly LicenceStatus[]).includes(status);
}

/** Could this change record have been made? Acts beside the table leave the status as it was; issuing begins it. */
export function isLegalStep(change: {
  readonly act: string;
  readonly fromStatus: string | null;
  readonly toStatus: string;
}): boolean {
  const { act, fromStatus, toStatus } = change;
  if (Object.hasOwn(MOVES, act)) return nextStatus(fromStatus as LicenceStatus, act as LicenceAct) === toStatus;
  return act === 'issue' ? fromStatus === null : fromStatus === toStatus;
}

interface Dated {
  readonly status: LicenceStatus | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** What a reader is told today: the stored status, corrected by the dates it carries until the clock has written it down. */
export function statusOn({ status, validFrom, validTo }: Dated, today: string): LicenceStatus | null {
  const isPast = validTo !== null && today > validTo;
  if (status === 'suspended') return isPast ? 'expired' : status;
  if (status !== 'valid' && status !== 'not-yet-effective') return status;
  if (validFrom && today < validFrom) return 'not-yet-effective';
  return isPast ? 'expired' : 'valid';
}

/** The day (YYYY-MM-DD) at whose beginning the clock turns it next; null: never. What the province issued is turned there. */
export function turnsOn(licence: Dated & { readonly source: string }): string | null {
  const { status, validFrom, validTo, source } = licence;
  if (source === 'province') return null;
  if (status === 'not-yet-effective') return validFrom;
  if (validTo === null || validTo === LAST_DATE) return null;
  return status === 'valid' || status === 'suspended' ? addDays(validTo, 1) : null;
}
