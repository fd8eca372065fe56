/** What the accounts in an issuing body are called. */
export const ISSUER_ROLES = ['clerk', 'reviewer', 'seal-keeper'] as const;

/** The account of a role in an issuing body: `clerk-0001`. */
export function accountName(bodyCode: string, role: (typeof ISSUER_ROLES)[number]): string {
  return `${role}-${bodyCode.slice(10, 14)}`;
}
