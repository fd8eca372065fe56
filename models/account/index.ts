export { findSession, logOut } from './find-session.ts';
export { getTokenHolder, grantToken } from './grant-token.ts';
export { logIn, loginSchema } from './log-in.ts';
export { purgeExpired } from './purge-expired.ts';
export { requireOrganisation, requireRole } from './require-role.ts';
export { ROLES, type Role } from './roles.ts';
export { applicationSchema, saveApplication } from './save-application.ts';
export { saveUser, userSchema } from './save-user.ts';
