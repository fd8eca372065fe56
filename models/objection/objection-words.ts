/** The closed words of objections (异议, R-50): what they are about, where they stand, what is done. */

/** What is objected to. */
export const OBJECTION_CATEGORIES = {
  'holder-data': { zh: '持证主体信息有误', en: 'the holder’s data are wrong' },
  'face-data': { zh: '照面内容有误', en: 'what the face says is wrong' },
  status: { zh: '证照状态有误', en: 'the status is wrong' },
  'not-mine': { zh: '不是本人（本单位）的证照', en: 'the licence is not theirs' },
  validity: { zh: '有效期有误', en: 'it should be valid, or no longer' },
  file: { zh: '文件无法打开或不可读', en: 'the file cannot be read' },
  other: { zh: '其他', en: 'something else' },
} as const;
export type ObjectionCategory = keyof typeof OBJECTION_CATEGORIES;

/** filed → upheld → correcting → corrected; filed → rejected; filed → withdrawn. None is ever opened again. */
export const OBJECTION_STATES = ['filed', 'upheld', 'correcting', 'corrected', 'rejected', 'withdrawn'] as const;
export type ObjectionState = (typeof OBJECTION_STATES)[number];

/** In which something is still to be done; while one of a licence is, the licence is disputed. */
export const OPEN_STATES = ['filed', 'upheld', 'correcting'] as const satisfies readonly ObjectionState[];

/** Upheld, and the correction has not come. */
export const UNCORRECTED_STATES = ['upheld', 'correcting'] as const satisfies readonly ObjectionState[];

/** On whose side somebody acts. */
export type ObjectionSide = 'objector' | 'issuer' | 'bureau' | 'house';

export const OBJECTION_EVENTS = {
  filed: { zh: '提出' },
  evidence: { zh: '提交证据材料' },
  assigned: { zh: '指定承办人' },
  upheld: { zh: '答复：成立' },
  rejected: { zh: '答复：不成立' },
  correcting: { zh: '更正办理中' },
  corrected: { zh: '已更正' },
  withdrawn: { zh: '撤回' },
  escalated: { zh: '逾期上报' },
  reminded: { zh: '催办' },
} as const;
export type ObjectionEvent = keyof typeof OBJECTION_EVENTS;
