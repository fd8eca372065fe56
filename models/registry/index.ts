/** The door to comparisons with the registries. */
export { compareHolders, type HolderComparison } from './compare-holders.ts';
export { judgeComparisons } from './judge-comparisons.ts';
export { describeComparisons, findComparisons, keepComparisons, putComparisons } from './keep-comparisons.ts';
export {
  COMPARED_FIELDS,
  type CompareWithRegistry,
  REGISTRIES,
  type RegistryAnswer,
  type RegistryName,
  type RegistryQuestion,
} from './port.ts';
export type { ComparisonOutcome } from './rows.ts';
