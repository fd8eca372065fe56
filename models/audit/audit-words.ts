/** The closed vocabulary of the access log; each act cites the requirement that demands its record. */
export const AUDIT_ACTS = {
  'account.login': 'R-64',
  'account.logout': 'R-64',
  'account.token': 'R-61',
  'account.manage': 'R-62',
  'organisation.manage': 'R-62',
  'organisation.read': 'R-60',
  'catalogue.save': 'R-62',
  'catalogue.read': 'R-60',
  'seal.make': 'R-62',
  'rule.save': 'R-25',
  'licence.submit': 'R-62',
  'licence.review': 'R-25',
  'licence.withdraw': 'R-62',
  'licence.sealing': 'R-24',
  'licence.issue': 'R-24',
  'licence.void-intent': 'R-24',
  'licence.status': 'R-62',
  'licence.read': 'R-60',
  'licence.list': 'R-60',
  'licence.download': 'R-60',
  'licence.preview': 'R-60',
  'use.open': 'R-46',
  'sharing.list': 'R-60',
  'sharing.preview': 'R-60',
  'sharing.status': 'R-60',
  'sharing.compare': 'R-60',
  'sharing.copy': 'R-60',
  'verification.file': 'R-60',
  'verification.code': 'R-49',
  'case.close': 'R-32',
  'objection.file': 'R-50',
  'objection.answer': 'R-50',
  'objection.read': 'R-50',
  'deadline.list': 'R-32',
  'exchange.manage': 'R-62',
  'exchange.row': 'R-33',
  'exchange.province': 'R-36',
  'exchange.compare': 'R-39',
  'audit.search': 'R-60',
  /** A call that ended in a fault which no act of its own has logged. */
  'call.fault': 'R-60',
} as const;

export type AuditAct = keyof typeof AUDIT_ACTS;

/** `refused`: not allowed or not found; `failed`: allowed but it did not come about. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];
