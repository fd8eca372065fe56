/** What the city's book and its tree hold, for a comparison. */

import type { PlacedRecord, TreeNode } from '../digest-tree/tree-shape.ts';
import { type BookRecord, SQL_TREE } from '../digest-tree/tree-store.ts';
import type { House } from '../house.ts';
import { runTree } from './tree-fold.ts';

export function readCityRoots(house: House): Promise<TreeNode[]> {
  return runTree(house.db, SQL_TREE.listRoots());
}

export async function readCityNodes(house: House, keys: readonly string[]): Promise<TreeNode[]> {
  return [...(await runTree(house.db, SQL_TREE.loadNodes(keys))).values()];
}

export function readCityRecords(house: House, keys: readonly string[]): Promise<PlacedRecord[]> {
  return runTree(house.db, SQL_TREE.loadRecords(keys));
}

/** What the province has confirmed of these subjects, by subject. */
export function findConfirmed(house: House, subjects: readonly string[]): Promise<Map<string, BookRecord>> {
  return runTree(house.db, SQL_TREE.findRecords(subjects));
}
