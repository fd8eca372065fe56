export { logAccess, wasLogged } from './append-audit.ts';
export { auditSearchSchema, searchAudit } from './search-audit.ts';
export { verifyAudit } from './verify-audit.ts';
