export { compareShared, compareSharedSchema } from './compare-shared.ts';
export { copyShared, copySharedSchema } from './copy-shared.ts';
export { listShared, listSharedSchema } from './list-shared.ts';
export { openUse, useSchema } from './open-use.ts';
export { previewShared, previewSharedSchema } from './preview-shared.ts';
export { matterSchema, saveMatter } from './save-matter.ts';
export { statusShared, statusSharedSchema } from './status-shared.ts';
