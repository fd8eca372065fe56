export {
  CATEGORIES,
  type CatalogueDefinition,
  catalogueDefinitionSchema,
  type FieldDefinition,
  longestNumber,
  longestValue,
} from './definition.ts';
export {
  catalogueView,
  findCurrentEntry,
  findNewestEntries,
  findNewestEntry,
  getEntryVersion,
  listEntries,
} from './find-entry.ts';
export { retireEntry } from './retire-entry.ts';
export type { CatalogueColumns } from './rows.ts';
export { saveEntry } from './save-entry.ts';
