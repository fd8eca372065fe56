/** Where a licence stands while it is made, its business status afterwards, and the legal moves between statuses. */

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

/** The acts a department may do upon an issued licence. */
export const STATUS_ACTS = {
  suspend: { zh: '挂起', to: 'suspended', from: ['valid'] },
  resume: { zh: '恢复', to: 'valid', from: ['suspended'] },
  cancel: { zh: '注销', to: 'cancelled', from: ['not-yet-effective', 'valid', 'suspended', 'expired'] },
  revoke: { zh: '吊销', to: 'revoked', from: ['valid', 'suspended'] },
  annul: { zh: '撤销', to: 'annulled', from: ['not-yet-effective', 'valid', 'suspended', 'expired'] },
  void: { zh: '作废', to: 'voided', from: ['not-yet-effective', 'valid', 'suspended', 'expired'] },
  repeal: { zh: '废止', to: 'repealed', from: ['not-yet-effective', 'valid', 'suspended', 'expired'] },
  expire: { zh: '届满', to: 'expired', from: ['valid', 'suspended'] },
  'take-effect': { zh: '生效', to: 'valid', from: ['not-yet-effective'] },
} as const satisfies Record<string, { zh: string; to: LicenceStatus; from: readonly LicenceStatus[] }>;
export type StatusAct = keyof typeof STATUS_ACTS;

/** The status an act leads to, or undefined when it is not legal from here. */
export function nextStatus(from: LicenceStatus, act: StatusAct): LicenceStatus | undefined {
  const move = STATUS_ACTS[act];
  return (move.from as readonly LicenceStatus[]).includes(from) ? move.to : undefined;
}

/** Could this change record have been made? Acts beside the table leave the status as it was; issuing begins it. */
export function isLegalStep(change: {
  readonly act: string;
  readonly fromStatus: string | null;
  readonly toStatus: string;
}): boolean {
  const { act, fromStatus, toStatus } = change;
  if (Object.hasOwn(STATUS_ACTS, act)) return nextStatus(fromStatus as LicenceStatus, act as StatusAct) === toStatus;
  return act === 'issue' ? fromStatus === null : fromStatus === toStatus;
}

/** What a reader is told today: the stored status, corrected by the dates it carries. */
export function statusOn(
  licence: {
    readonly status: LicenceStatus | null;
    readonly validFrom: string | null;
    readonly validTo: string | null;
  },
  today: string,
): LicenceStatus | null {
  if (licence.status === 'valid' || licence.status === 'not-yet-effective') {
    if (licence.validFrom && today < licence.validFrom) return 'not-yet-effective';
    if (licence.validTo && today > licence.validTo) return 'expired';
    return 'valid';
  }
  return licence.status;
}
