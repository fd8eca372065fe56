/** Trees of digests, as city and province keep them: the one thing that both sides of a comparison must do alike. */
export {
  digestInner,
  growSubtree,
  type HeldRecord,
  nodeKey,
  type PlacedRecord,
  placeOf,
  readNodeKey,
  type TreeEntry,
  type TreeNode,
} from './tree-shape.ts';
export { type BookRecord, SQL_TREE } from './tree-store.ts';
export { rebuildTree, type TreePlan, type TreeRows, updateTree } from './tree-upkeep.ts';
