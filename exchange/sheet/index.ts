export { type ImportedOrganisations, importOrganisations } from './import-organisations.ts';
export { type ImportedUsers, importUsers } from './import-users.ts';
export { organisationKind } from './organisation-kind.ts';
export { MOST_BYTES, type SheetKind } from './sheet-kind.ts';
export { userKind } from './user-kind.ts';
export { writeTemplate } from './write-template.ts';
