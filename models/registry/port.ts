/** What the house asks of the registries of persons and of bodies, and what they may answer. The port is filled by the
 *  exchange floor (exchange/registry); here it is only described. */
import type { HolderType } from '../holder/rows.ts';

/** population: 人口基础库, of natural persons; legal-person: 法人基础库, of bodies. */
export const REGISTRIES = { natural: 'population', legal: 'legal-person' } as const satisfies Record<
  HolderType,
  string
>;
export type RegistryName = (typeof REGISTRIES)[HolderType];

/** What a registry may find different. */
export const COMPARED_FIELDS = ['name', 'numberType', 'number'] as const;
export type ComparedField = (typeof COMPARED_FIELDS)[number];

/** One holder, as it stands in the submission; the number is in capitals. */
export interface RegistryQuestion {
  readonly type: HolderType;
  /** GB/T 36903 Annex A. */
  readonly numberType: string;
  readonly number: string;
  readonly name: string;
}

export type RegistryAnswer =
  | { readonly outcome: 'match' }
  | { readonly outcome: 'mismatch'; readonly fields: readonly ComparedField[] }
  /** The registry holds nobody of this number. */
  | { readonly outcome: 'unknown' }
  /** No answer, or none that could be believed; `reason` is a word for the log. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Never rejects: whatever goes wrong is `unavailable`. */
export type CompareWithRegistry = (question: RegistryQuestion) => Promise<RegistryAnswer>;
