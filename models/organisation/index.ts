export { listOrganisations } from './list-organisations.ts';
export { requireActive } from './require-active.ts';
export { organisationSchema, saveOrganisation } from './save-organisation.ts';
