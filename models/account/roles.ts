/** The closed list of roles; systems hold scopes of the same names. */
export const ROLES = [
  'issuer.clerk',
  'issuer.reviewer',
  'issuer.seal-keeper',
  'consumer.window',
  'consumer.approver',
  'bureau.officer',
  'bureau.supervisor',
  'auditor',
  'admin.system',
  'admin.security',
  'admin.audit',
  'holder',
] as const;

export type Role = (typeof ROLES)[number];
