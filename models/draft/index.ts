export type { VersionChange } from './compare-versions.ts';
export { discardDraft } from './discard-draft.ts';
export { type Unfinished, unfinishedSchema } from './draft-content.ts';
export { listDrafts, openDraft } from './open-draft.ts';
export { purgeDrafts } from './purge-drafts.ts';
export { addDraft, changeDraft, draftChangeSchema, draftSchema, replaceDraft, saveDraft } from './save-draft.ts';
export { submitDraft, takeDraft } from './submit-draft.ts';
export { DRAFT_DAYS, type DraftView } from './view-draft.ts';
