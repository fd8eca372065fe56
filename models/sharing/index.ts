export { copyShared, copySharedSchema } from './copy-shared.ts';
export { listShared, listSharedSchema } from './list-shared.ts';
export { openUse, useSchema } from './open-use.ts';
export { compareShared, compareSharedSchema, previewShared, previewSharedSchema, statusShared, statusSharedSchema } from './read-shared.ts';
export { matterSchema, saveMatter } from './save-matter.ts';
