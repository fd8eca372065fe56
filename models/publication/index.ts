export { forgetOldChanges } from './forget-old-changes.ts';
export { givePositions } from './give-positions.ts';
export { awaitChanges, type ChangesPage, changesQuery } from './list-changes.ts';
export type { FeedColumns } from './rows.ts';
export { changeGrantSchema, listChangeGrants, saveChangeGrant } from './save-grant.ts';
export { type ChangeView, viewChange } from './view-change.ts';
