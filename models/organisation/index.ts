export { listOrganisations } from './list-organisations.ts';
export {
  checkOrganisation,
  type OrganisationInput,
  organisationSchema,
  saveOrganisation,
} from './save-organisation.ts';
export { storeOrganisation } from './store-organisation.ts';
